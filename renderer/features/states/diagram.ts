// A state machine as a picture, from its table: the way to OPEN on top from left to right, the way to CLOSED below it
// from right to left, FAILED as a mark behind OPEN. Two bands are as high as the lower panel is by default.
import type { StateName, StateTable, TableRow, Transition, Trigger } from '../../../shared/endpoint/types.ts'

export interface Node {
  readonly name: StateName
  /** The words of the name, a line each. */
  readonly lines: readonly string[]
  readonly x: number
  readonly y: number
  readonly band: Band
  readonly column: number
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
  /** Middle of the label's baseline. */
  readonly label: Point
}

export interface Diagram {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

interface Point {
  readonly x: number
  readonly y: number
}

type Band = 'opening' | 'closing' | 'failed'

export const box = { width: 62, height: 38 } as const
/** Size of all letters, and how wide one of a label is at most on average. */
export const letter = { size: 10, wide: 4.9 } as const
const pitch = 88
const margin = 5
const top = { opening: 15, failed: 15, closing: 15 + box.height + 32 } as const satisfies Record<Band, number>
/** Room under the closing band: a line of labels, and under it the curves. */
const under = 32

/** Where each state stands in its band. Of the closing states the last is on the left: the way leads back there. */
const places: Readonly<Record<StateName, readonly [band: Band, order: number]>> = {
  IDLE: ['opening', 0],
  AWAITING_REQUEST: ['opening', 1],
  REQUEST_RECEIVED: ['opening', 2],
  AWAITING_RESPONSE: ['opening', 3],
  AWAITING_SERVER_HELLO: ['opening', 4],
  AWAITING_CLIENT_HELLO: ['opening', 5],
  AWAITING_CHALLENGE: ['opening', 6],
  AWAITING_KEY3: ['opening', 7],
  OPEN: ['opening', 8],
  FAILED: ['failed', 9],
  CLOSED: ['closing', 0],
  CLOSE_DONE: ['closing', 1],
  CLOSE_SENT: ['closing', 2],
  CLOSE_CROSSED: ['closing', 3],
  CLOSE_RECEIVED: ['closing', 4],
}

const ends: ReadonlySet<Trigger> = new Set(['sendEnd', 'receiveEnd'])

/** A move no one wishes for: not part of a handshake that goes well. */
export function isFailing({ trigger, from, to }: TableRow): boolean {
  return to === 'FAILED' || trigger === 'fault' || trigger === 'timeout' || (ends.has(trigger) && from !== 'CLOSE_DONE')
}

function placeNodes(table: StateTable): readonly Node[] {
  const states = [...new Set(table.flatMap(({ from, to }) => [from, to]))].sort((a, b) => places[a][1] - places[b][1])
  const bandOf = (name: StateName) => places[name][0]
  // FAILED stands in the upper row, behind the last of the opening states.
  const columnOf = (name: StateName) =>
    states.filter((other) => (bandOf(other) === 'closing') === (bandOf(name) === 'closing')).indexOf(name)
  return states.map((name) => ({
    name,
    lines: name.split('_'),
    band: bandOf(name),
    column: columnOf(name),
    x: margin + columnOf(name) * pitch,
    y: top[bandOf(name)],
    loops: table.filter(({ from, to }) => from === name && to === name).map(({ trigger }) => trigger),
  }))
}

type Route = Pick<Edge, 'path' | 'label'>

function middleOf(node: Node): Point {
  return { x: node.x + box.width / 2, y: node.y + box.height / 2 }
}

/** To the box beside it. The two ways of a pair run apart; what leads left is labelled below, the rest above. */
function beside(from: Node, to: Node, paired: boolean): Route {
  const right = to.x > from.x
  const [x1, x2] = right ? [from.x + box.width, to.x - 2] : [from.x, to.x + box.width + 2]
  const y = middleOf(from).y + (paired ? (right ? -5 : 5) : 0)
  return {
    path: `M${x1} ${y}L${x2} ${y}`,
    label: { x: (x1 + x2) / 2, y: right ? from.y - 4 : from.y + box.height + letter.size + 1 },
  }
}

/** Around the boxes in between: over the upper band, under the lower one. */
function around(from: Node, to: Node): Route {
  const below = from.band === 'closing'
  const [x1, x2] = [middleOf(from).x, middleOf(to).x]
  const y = below ? from.y + box.height : from.y
  const peak = below ? y + 28 : y - 16
  return {
    path: `M${x1} ${y}C${x1} ${peak} ${x2} ${peak} ${x2} ${below ? y + 2 : y - 2}`,
    label: { x: (x1 + x2) / 2, y: below ? y + 26 : y - 4 },
  }
}

/** From one band to the other, straight from edge to edge. */
function across(from: Node, to: Node): Route {
  const down = to.y > from.y
  const sideways = Math.sign(to.column - from.column)
  const x1 = middleOf(from).x + sideways * 14
  const x2 = middleOf(to).x - sideways * 14
  const [y1, y2] = down ? [from.y + box.height, to.y - 2] : [from.y, to.y + box.height + 2]
  // Straight down, the label makes room for that of the way to the column beside: the last state has it on its left.
  const aside = to.name === 'CLOSE_RECEIVED' ? 16 : -16
  const x = (x1 + x2) / 2 + (sideways === 0 ? aside : 0)
  return { path: `M${x1} ${y1}L${x2} ${y2}`, label: { x, y: top.opening + box.height + letter.size + 2 } }
}

function routeOf(from: Node, to: Node, paired: boolean): Route {
  if (from.y !== to.y) return across(from, to)
  return Math.abs(from.column - to.column) === 1 ? beside(from, to, paired) : around(from, to)
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

/** The picture of a table. Lengths are CSS pixels at scale 1. */
export function diagramOf(table: StateTable): Diagram {
  const nodes = placeNodes(table)
  const named = new Map(nodes.map((node) => [node.name, node]))
  const joined = joinRows(table)
  const edges = joined.flatMap((rows): readonly Edge[] => {
    const { from, to } = rows[0]
    const [a, b] = [named.get(from), named.get(to)]
    if (!a || !b) return []
    const paired = joined.some(([other]) => other.from === to && other.to === from)
    const triggers = [...new Set(rows.map(({ trigger }) => trigger))]
    return [{ from, to, triggers, failing: rows.every(isFailing), ...routeOf(a, b, paired) }]
  })
  return {
    nodes,
    edges,
    width: Math.max(...nodes.map(({ x }) => x)) + box.width + margin,
    height: top.closing + box.height + under,
  }
}

/** `sendClose` as `send close`. */
export function triggerName(trigger: Trigger): string {
  return trigger.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
}

/** The first trigger in words, and how many more there are. */
export function edgeLabel({ triggers }: Edge): string {
  const [first] = triggers
  if (!first) return ''
  return triggers.length > 1 ? `${triggerName(first)} +${triggers.length - 1}` : triggerName(first)
}

export type EdgeLook = 'taken' | 'possible' | 'plain' | 'hidden'

/** How an edge is drawn: the last move stands out, failing ones show only when they were it. */
export function lookOf(edge: Edge, state: StateName, last: Transition | null): EdgeLook {
  if (last !== null && edge.from === last.from && edge.to === last.to) return 'taken'
  if (edge.failing) return 'hidden'
  return edge.from === state ? 'possible' : 'plain'
}

/** The state an arrow key goes to: along the bands, the upper one first. Null when the key goes nowhere. */
export function stateBeside({ nodes }: Diagram, from: StateName, key: string): StateName | null {
  const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
  const way = [...nodes].sort((a, b) => a.y - b.y || a.x - b.x).map(({ name }) => name)
  const step = steps[key]
  return step === undefined ? null : (way[way.indexOf(from) + step] ?? null)
}

/** The moves out of a state as they are listed: those that lead on, those that stay, and those that fail. */
export function movesFrom(table: StateTable, state: StateName): StateTable {
  const rank = (row: TableRow) => (isFailing(row) ? 2 : row.from === row.to ? 1 : 0)
  return table.filter(({ from }) => from === state).sort((a, b) => rank(a) - rank(b))
}
