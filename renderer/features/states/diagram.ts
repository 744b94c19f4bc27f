// A state machine as a picture, from its table: states in the order they are passed, in two bands like a snake.
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
  /** Only by a broken rule, a refusal, a timeout or the end of a stream in the middle of things. */
  readonly failing: boolean
  /** SVG path between the boxes. */
  readonly path: string
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'middle' | 'start' }
  /** Straight edges have room for their label; the others show it only while they matter. */
  readonly straight: boolean
}

export interface Diagram {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

export const box = { width: 148, height: 26 } as const
const pitch = { x: 148 + 98, y: 26 + 32 } as const
const margin = 12

const ends: ReadonlySet<Trigger> = new Set(['sendEnd', 'receiveEnd'])

function isFailing({ trigger, to }: TableRow): boolean {
  return to === 'FAILED' || trigger === 'fault' || trigger === 'timeout'
}

/** Moves that lead on: not failing, not to itself, and of two that lead back and forth the first. */
function movesOn(table: StateTable): readonly TableRow[] {
  return table.filter(
    (row, index) =>
      !isFailing(row) &&
      row.from !== row.to &&
      !table.slice(0, index).some((earlier) => earlier.from === row.to && earlier.to === row.from),
  )
}

/** How many moves on a state is from the start, by the longest way. What only failing leads to stands at the end. */
function ranksOf(table: StateTable): ReadonlyMap<StateName, number> {
  const states = [...new Set(table.flatMap(({ from, to }) => [from, to]))]
  const ranks = new Map(states.map((state) => [state, 0]))
  const moves = movesOn(table)
  // As many rounds as there are states are enough for any way without a circle.
  for (const _ of states) {
    for (const { from, to } of moves) {
      ranks.set(to, Math.min(states.length - 1, Math.max(ranks.get(to) ?? 0, (ranks.get(from) ?? 0) + 1)))
    }
  }
  const last = Math.max(...ranks.values())
  const reached = new Set<StateName | undefined>([table[0]?.from, ...moves.map(({ to }) => to)])
  for (const state of states) if (!reached.has(state)) ranks.set(state, last)
  return ranks
}

/** The first half of the ranks from left to right, the rest below from right to left. */
function placeNodes(table: StateTable): readonly Node[] {
  const ranks = [...ranksOf(table)]
  const used = [...new Set(ranks.map(([, rank]) => rank))].sort((a, b) => a - b)
  const across = Math.ceil(used.length / 2)
  const topRows = Math.max(...used.slice(0, across).map((rank) => ranks.filter(([, own]) => own === rank).length))
  return used.flatMap((rank, index) => {
    const below = index >= across
    const column = below ? 2 * across - 1 - index : index
    return ranks
      .filter(([, own]) => own === rank)
      .sort(([a], [b]) => Number(a === 'FAILED') - Number(b === 'FAILED'))
      .map(([name], row) => ({
        name,
        x: margin + column * pitch.x,
        y: margin + (row + (below ? topRows : 0)) * pitch.y,
        loops: table.filter(({ from, to }) => from === name && to === name).map(({ trigger }) => trigger),
      }))
  })
}

type Route = Pick<Edge, 'path' | 'label' | 'straight'>

/** Between the sides that face each other. `shift` keeps the two ways of a pair apart. */
function sideways(from: Node, to: Node, shift: number): Route {
  const right = to.x > from.x
  const [x1, x2] = right ? [from.x + box.width, to.x - 3] : [from.x, to.x + box.width + 3]
  const [y1, y2] = [from.y + box.height / 2 + shift, to.y + box.height / 2 + shift]
  const middle = (x1 + x2) / 2
  const straight = y1 === y2 && Math.abs(to.x - from.x) === pitch.x
  // An edge over more than one column goes around the boxes in between.
  const arch = y1 === y2 && !straight ? -box.height - 6 : 0
  const path = straight
    ? `M${x1} ${y1}L${x2} ${y2}`
    : `M${x1} ${y1}C${middle} ${y1 + arch} ${middle} ${y2 + arch} ${x2} ${y2}`
  return { path, label: { x: middle, y: (y1 + y2) / 2 + arch * 0.75 - 5, anchor: 'middle' }, straight }
}

/** Inside a column: straight down or up to the next box, around the right side to one further away. */
function upright(from: Node, to: Node, shift: number): Route {
  const down = to.y > from.y
  if (Math.abs(to.y - from.y) === pitch.y) {
    // To the right, where the list of what leads back to the state itself does not reach.
    const x = from.x + box.width * 0.84 + shift
    const [y1, y2] = down ? [from.y + box.height, to.y - 3] : [from.y, to.y + box.height + 3]
    return {
      path: `M${x} ${y1}L${x} ${y2}`,
      label: { x: x + 6, y: (y1 + y2) / 2 + 4, anchor: 'start' },
      straight: true,
    }
  }
  const x = from.x + box.width
  const [y1, y2] = [from.y + box.height / 2, to.y + box.height / 2]
  const path = `M${x} ${y1}C${x + 60} ${y1} ${x + 60} ${y2} ${x + 3} ${y2}`
  return { path, label: { x: x + 50, y: (y1 + y2) / 2 + 4, anchor: 'start' }, straight: false }
}

function joinRows(table: StateTable): readonly (readonly [TableRow, ...TableRow[]])[] {
  const joined = new Map<string, [TableRow, ...TableRow[]]>()
  for (const row of table) {
    if (row.from === row.to) continue
    const key = `${row.from}>${row.to}`
    const rows = joined.get(key)
    if (rows) rows.push(row)
    else joined.set(key, [row])
  }
  return [...joined.values()]
}

/** The picture of a table. */
export function diagramOf(table: StateTable): Diagram {
  const nodes = placeNodes(table)
  const named = new Map(nodes.map((node) => [node.name, node]))
  const joined = joinRows(table)
  const edges = joined.flatMap((rows): readonly Edge[] => {
    const { from, to } = rows[0]
    const [a, b] = [named.get(from), named.get(to)]
    if (!a || !b) return []
    const paired = joined.some(([other]) => other.from === to && other.to === from)
    const shift = paired ? 6 * Math.sign(b.x - a.x || b.y - a.y) : 0
    const route = a.x === b.x ? upright(a, b, shift) : sideways(a, b, shift)
    const triggers = [...new Set(rows.map(({ trigger }) => trigger))]
    const failing = rows.every((row) => isFailing(row) || (!route.straight && ends.has(row.trigger)))
    return [{ from, to, triggers, failing, ...route }]
  })
  return {
    nodes,
    edges,
    width: Math.max(...nodes.map(({ x }) => x)) + box.width + margin + 104,
    height: Math.max(...nodes.map(({ y }) => y)) + box.height + margin + 10,
  }
}

/** `sendClose` as `send close`. */
export function triggerName(trigger: Trigger): string {
  return trigger.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** The first `most` triggers in words, and how many more there are. */
export function triggerList(triggers: readonly Trigger[], most: number): string {
  const names = [...new Set(triggers)].map(triggerName)
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} +${more}` : names.join(', ')
}

export type EdgeLook = 'taken' | 'possible' | 'plain' | 'hidden'

/** How an edge is drawn: the last move stands out, failing ones show only when they were it. */
export function lookOf(edge: Edge, state: StateName, last: Transition | null): EdgeLook {
  if (last !== null && edge.from === last.from && edge.to === last.to) return 'taken'
  if (edge.failing) return 'hidden'
  return edge.from === state ? 'possible' : 'plain'
}
