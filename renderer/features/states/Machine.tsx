import type { Role } from '../../../shared/bytes/lanes.ts'
import type { TransitionView } from '../../../shared/capture/view.ts'
import type { StateName, StateTable } from '../../../shared/endpoint/types.ts'
import { box, diagramOf, type Edge, type EdgeLook, lookOf, type Node, triggerList, triggerName } from './diagram.ts'

function NodeBox({ node, lit }: { readonly node: Node; readonly lit: boolean }) {
  return (
    <g className={lit ? 'node lit' : 'node'} data-state={node.name}>
      <title>{node.loops.length > 0 ? `Stays on: ${node.loops.map(triggerName).join(', ')}` : node.name}</title>
      <rect x={node.x} y={node.y} width={box.width} height={box.height} rx={7} />
      <text x={node.x + box.width / 2} y={node.y + box.height / 2 + 4} textAnchor="middle">
        {node.name}
      </text>
      {node.loops.length > 0 && (
        <text className="loops" x={node.x + 3} y={node.y + box.height + 12}>
          ↻ {triggerList(node.loops, 1)}
        </text>
      )}
    </g>
  )
}

function EdgeLine({ edge, look, role }: { readonly edge: Edge; readonly look: EdgeLook; readonly role: Role }) {
  return (
    <g className={`edge ${look}`}>
      <title>
        {edge.from} to {edge.to}: {edge.triggers.map(triggerName).join(', ')}
      </title>
      <path d={edge.path} markerEnd={`url(#tip-${role}-${look})`} />
      {(edge.straight || look !== 'plain') && (
        <text x={edge.label.x} y={edge.label.y} textAnchor={edge.label.anchor}>
          {triggerList(edge.triggers, edge.straight ? 1 : 2)}
        </text>
      )}
    </g>
  )
}

const order: readonly EdgeLook[] = ['plain', 'possible', 'taken']

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
          markerWidth="9"
          markerHeight="9"
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
  /** The move this end made last. */
  readonly last: TransitionView | null
}

/** One end's state machine, its present state lit, what it did last and what it can do next drawn over the rest. */
export function Machine({ role, table, state, last }: Props) {
  const { width, height, nodes, edges } = diagramOf(table)
  const drawn = order.flatMap((look) => edges.filter((edge) => lookOf(edge, state, last) === look))
  return (
    <svg
      className={`machine of-${role}`}
      viewBox={`0 0 ${width} ${height}`}
      style={{ aspectRatio: width / height, minWidth: width * 0.78, maxWidth: width * 1.25 }}
      role="img"
      aria-label={`State machine of the ${role}, now ${state}`}
    >
      <Tips role={role} />
      {drawn.map((edge) => (
        <EdgeLine key={`${edge.from}>${edge.to}`} edge={edge} look={lookOf(edge, state, last)} role={role} />
      ))}
      {nodes.map((node) => (
        <NodeBox key={node.name} node={node} lit={node.name === state} />
      ))}
    </svg>
  )
}
