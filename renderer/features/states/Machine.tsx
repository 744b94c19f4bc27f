import type { Role } from '../../../shared/bytes/lanes.ts'
import type { TransitionView } from '../../../shared/capture/view.ts'
import type { StateName, StateTable } from '../../../shared/endpoint/types.ts'
import { box, type Diagram, diagramOf, type Edge, isTaken, type Node, triggerName } from './diagram.ts'

function NodeBox({ node, lit }: { readonly node: Node; readonly lit: boolean }) {
  return (
    <g className={lit ? 'node lit' : 'node'}>
      <rect x={node.x} y={node.y} width={box.width} height={box.height} rx={8} />
      <text x={node.x + box.width / 2} y={node.y + box.height / 2 + 4} textAnchor="middle">
        {node.name}
      </text>
      {node.loops.length > 0 && (
        <text className="loops" x={node.x + box.width / 2} y={node.y + box.height + 14} textAnchor="middle">
          ↻ {loopText(node)}
        </text>
      )}
    </g>
  )
}

function loopText({ loops }: Node): string {
  const names = [...new Set(loops)].map(triggerName)
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
}

function EdgeLine({ edge, taken, role }: { readonly edge: Edge; readonly taken: boolean; readonly role: Role }) {
  const kind = taken ? 'edge taken' : edge.failing ? 'edge failing' : 'edge'
  return (
    <g className={kind}>
      <title>
        {edge.from} to {edge.to}: {edge.triggers.map(triggerName).join(', ')}
      </title>
      <path d={edge.path} markerEnd={`url(#tip-${role}${taken ? '-taken' : ''})`} />
      {(!edge.failing || taken) && (
        <text x={edge.label.x} y={edge.label.y} textAnchor="middle">
          {edge.triggers.map(triggerName).join(', ')}
        </text>
      )}
    </g>
  )
}

function Tips({ role }: { readonly role: Role }) {
  return (
    <defs>
      {['', '-taken'].map((kind) => (
        <marker
          key={kind}
          id={`tip-${role}${kind}`}
          className={`tip${kind}`}
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerWidth="7"
          markerHeight="7"
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

/** Edges that were taken are drawn over the others. */
function ordered(diagram: Diagram, last: TransitionView | null): readonly Edge[] {
  return [...diagram.edges].sort((a, b) => Number(isTaken(a, last)) - Number(isTaken(b, last)))
}

/** One end's state machine, its present state lit. */
export function Machine({ role, table, state, last }: Props) {
  const diagram = diagramOf(table)
  return (
    <svg
      className={`machine of-${role}`}
      viewBox={`0 0 ${diagram.width} ${diagram.height}`}
      style={{ aspectRatio: diagram.width / diagram.height }}
      role="img"
      aria-label={`State machine of the ${role}, now ${state}`}
    >
      <Tips role={role} />
      {ordered(diagram, last).map((edge) => (
        <EdgeLine key={`${edge.from}>${edge.to}`} edge={edge} taken={isTaken(edge, last)} role={role} />
      ))}
      {diagram.nodes.map((node) => (
        <NodeBox key={node.name} node={node} lit={node.name === state} />
      ))}
    </svg>
  )
}
