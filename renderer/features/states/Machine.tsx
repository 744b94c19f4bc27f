import type { KeyboardEvent } from 'react'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { TransitionView } from '../../../shared/capture/view.ts'
import type { StateName, StateTable } from '../../../shared/endpoint/types.ts'
import {
  box,
  diagramOf,
  type Edge,
  type EdgeLook,
  edgeLabel,
  letter,
  lookOf,
  type Node,
  stateBeside,
  triggerName,
} from './diagram.ts'

/** Pixels from one line of a state's name to the next. */
const line = 11

interface NodeProps {
  readonly node: Node
  readonly lit: boolean
  readonly looked: boolean
  readonly onLook: () => void
}

/** A state. Picking it lists what leads on from it. */
function NodeBox({ node, lit, looked, onLook }: NodeProps) {
  const middle = node.x + box.width / 2
  const spoken = node.lines.join(' ')
  const first = node.y + box.height / 2 + 3.6 - ((node.lines.length - 1) * line) / 2
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button inside a drawing
    <g
      className={`node ${lit ? 'lit' : ''} ${looked ? 'looked' : ''} ${node.band}`}
      data-state={node.name}
      role="button"
      tabIndex={looked ? 0 : -1}
      aria-label={lit ? `${spoken}, the present state` : spoken}
      aria-pressed={looked}
      onClick={onLook}
    >
      <title>{[node.name, ...node.loops.map((loop) => `stays on ${triggerName(loop)}`)].join('\n')}</title>
      <rect x={node.x} y={node.y} width={box.width} height={box.height} rx={7} />
      {node.lines.map((word, index) => (
        <text key={word} x={middle} y={first + index * line} textAnchor="middle">
          {/* The space keeps the words apart for whoever reads the text and not the picture. */}
          {`${word} `}
        </text>
      ))}
    </g>
  )
}

function EdgeLine({ edge, look, role }: { readonly edge: Edge; readonly look: EdgeLook; readonly role: Role }) {
  return (
    <g className={`edge ${look}`}>
      <title>
        {edge.from} to {edge.to}: {edge.triggers.map(triggerName).join(', ')}
      </title>
      <path className="near" d={edge.path} />
      <path className="line" d={edge.path} markerEnd={`url(#tip-${role}-${look})`} />
      <text x={edge.label.x} y={edge.label.y} textAnchor="middle">
        {edgeLabel(edge)}
      </text>
    </g>
  )
}

const order = ['plain', 'possible', 'taken'] as const satisfies readonly EdgeLook[]

function Tips({ role }: { readonly role: Role }) {
  return (
    <defs>
      {order.map((look) => (
        <marker
          key={look}
          id={`tip-${role}-${look}`}
          className={`tip ${look}`}
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8z" />
        </marker>
      ))}
    </defs>
  )
}

interface Props {
  readonly role: Role
  readonly table: StateTable
  readonly state: StateName
  /** The state whose moves are listed. */
  readonly looked: StateName
  readonly onLook: (state: StateName) => void
  /** The move this end made last; null while another state is looked at. */
  readonly last: TransitionView | null
}

/** One end's state machine, its present state lit, what it did last and what it can do next drawn over the rest. */
export function Machine({ role, table, state, looked, onLook, last }: Props) {
  const diagram = diagramOf(table)
  const { width, height, nodes, edges } = diagram
  const whenPressed = (event: KeyboardEvent<SVGSVGElement>) => {
    const next = stateBeside(diagram, looked, event.key)
    if (next === null) return
    event.preventDefault()
    event.currentTarget.querySelector<SVGElement>(`[data-state="${next}"]`)?.focus()
    onLook(next)
  }
  const drawn = order.flatMap((look) => edges.filter((edge) => lookOf(edge, looked, last) === look))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn
    <svg
      className={`machine of-${role}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      // Letters never get smaller than 9.5 pixels: below that the box around it scrolls.
      style={{ minWidth: (width * 9.5) / letter.size, minHeight: (height * 9.5) / letter.size }}
      role="group"
      aria-label={`State machine of the ${role}, now ${state}`}
      onKeyDown={whenPressed}
    >
      <Tips role={role} />
      {drawn.map((edge) => (
        <EdgeLine key={`${edge.from}>${edge.to}`} edge={edge} look={lookOf(edge, looked, last)} role={role} />
      ))}
      {nodes.map((node) => (
        <NodeBox
          key={node.name}
          node={node}
          lit={node.name === state}
          looked={node.name === looked}
          onLook={() => onLook(node.name)}
        />
      ))}
    </svg>
  )
}
