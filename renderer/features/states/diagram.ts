// A state machine as a picture, from its table: states in columns by how far they are from the start.
import type { StateName, StateTable, TableRow, Transition, Trigger } from '../../../shared/endpoint/types.ts'

export interface Node {
  readonly name: StateName
  readonly x: number
  readonly y: number
  /** Triggers that lead back to itself. */
  readonly loops: readonly Trigger[]
}

export interface Edge {
  readonly from: StateName
  readonly to: StateName
  readonly triggers: readonly Trigger[]
  /** Only by a broken rule, a timeout or the end of the stream: drawn faintly. */
  readonly failing: boolean
  /** SVG path between the boxes, and where its label stands. */
  readonly path: string
  readonly label: { readonly x: number; readonly y: number }
}

export interface Diagram {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

export const box = { width: 158, height: 30 } as const
const gap = { x: 104, y: 34 } as const
const margin = 14

const failing: ReadonlySet<Trigger> = new Set([
  'fault',
  'timeout',
  'sendEnd',
  'receiveEnd',
  'sendRefusal',
  'receiveRefusal',
])

function statesOf(table: StateTable): readonly StateName[] {
  return [...new Set(table.flatMap(({ from, to }) => [from, to]))]
}

/** Columns by the longest way of regular moves from the start; moves that fail make no state come later. */
function ranksOf(table: StateTable): ReadonlyMap<StateName, number> {
  const states = statesOf(table)
  const ranks = new Map(states.map((state) => [state, 0]))
  const forward = table.filter(({ trigger, from, to }) => from !== to && !failing.has(trigger))
  for (let round = 0; round < states.length; round++) {
    for (const { from, to } of forward) {
      const next = (ranks.get(from) ?? 0) + 1
      if (next > (ranks.get(to) ?? 0) && next < states.length) ranks.set(to, next)
    }
  }
  // What only failing leads to stands at the end.
  const last = Math.max(...ranks.values())
  const reached = new Set(forward.map(({ to }) => to))
  const start = table[0]?.from
  for (const state of states) if (state !== start && !reached.has(state)) ranks.set(state, last + (last === 0 ? 1 : 0))
  return ranks
}

function placeNodes(table: StateTable): readonly Node[] {
  const ranks = ranksOf(table)
  const used = [...new Set(ranks.values())].sort((a, b) => a - b)
  const columns = used.map((rank) => [...ranks].filter(([, own]) => own === rank).map(([name]) => name))
  const tallest = Math.max(...columns.map((column) => column.length))
  return columns.flatMap((column, at) =>
    column.map((name, row) => ({
      name,
      x: margin + at * (box.width + gap.x),
      y: margin + (row + (tallest - column.length) / 2) * (box.height + gap.y),
      loops: table.filter(({ from, to }) => from === name && to === name).map(({ trigger }) => trigger),
    })),
  )
}

interface Route {
  readonly path: string
  readonly label: { readonly x: number; readonly y: number }
}

/** From the right side of one box to the left side of the other; inside a column or backwards, around the outside. */
function route(from: Node, to: Node, all: readonly Node[]): Route {
  const middle = box.height / 2
  if (to.x > from.x) {
    const [x1, y1, x2, y2] = [from.x + box.width, from.y + middle, to.x, to.y + middle]
    const skips = all.some((node) => node.x > from.x && node.x < to.x && Math.abs(node.y - (y1 + y2) / 2) < 40)
    const bend = skips ? -(box.height + gap.y) * 0.9 : 0
    const path = `M${x1} ${y1}C${x1 + gap.x * 0.55} ${y1 + bend} ${x2 - gap.x * 0.55} ${y2 + bend} ${x2 - 3} ${y2}`
    return { path, label: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 + bend * 0.75 - 5 } }
  }
  const down = to.y > from.y
  const [x1, y1] = [from.x + box.width / 2, down ? from.y + box.height : from.y]
  const [x2, y2] = [to.x + box.width / 2, down ? to.y : to.y + box.height]
  const path = `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2 + (down ? -3 : 3)}`
  return { path, label: { x: (x1 + x2) / 2 + 6, y: (y1 + y2) / 2 + 3 } }
}

function joinEdges(table: StateTable): readonly { from: StateName; to: StateName; rows: readonly TableRow[] }[] {
  const edges = new Map<string, { from: StateName; to: StateName; rows: TableRow[] }>()
  for (const row of table) {
    if (row.from === row.to) continue
    const key = `${row.from}>${row.to}`
    const edge = edges.get(key) ?? { from: row.from, to: row.to, rows: [] }
    edge.rows.push(row)
    edges.set(key, edge)
  }
  return [...edges.values()]
}

/** The picture of a table. */
export function diagramOf(table: StateTable): Diagram {
  const nodes = placeNodes(table)
  const named = new Map(nodes.map((node) => [node.name, node]))
  const edges = joinEdges(table).flatMap(({ from, to, rows }) => {
    const [a, b] = [named.get(from), named.get(to)]
    if (!a || !b) return []
    const triggers = [...new Set(rows.map(({ trigger }) => trigger))]
    return [{ from, to, triggers, failing: triggers.every((one) => failing.has(one)), ...route(a, b, nodes) }]
  })
  return {
    nodes,
    edges,
    width: Math.max(...nodes.map(({ x }) => x)) + box.width + margin,
    height: Math.max(...nodes.map(({ y }) => y)) + box.height + margin + 16,
  }
}

/** `sendClose` as `send close`. */
export function triggerName(trigger: Trigger): string {
  return trigger.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

export function isTaken(edge: Edge, last: Transition | null): boolean {
  return last !== null && edge.from === last.from && edge.to === last.to
}
