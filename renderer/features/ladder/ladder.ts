// What the ladder draws, row by row.
import { type Lane, type Role, receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import { spanContains, spanLength } from '../../../shared/bytes/span.ts'
import { formatAddress } from '../../../shared/capture/addresses.ts'
import type { ConnectionView, LadderRow } from '../../../shared/capture/view.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import { type IntermediaryKind, intermediaries } from '../../../shared/intermediaries/intermediary.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import type { Selection } from '../../state/selection.ts'
import { formatSize } from '../../ui/format.ts'

export const rowHeight = 50
export const foldHeight = 30

/** A piece of the bracket around a message of several frames, by the side of who sends it on its connection. */
export interface Bracket {
  readonly connection: number
  readonly sender: Role
  readonly piece: 'first' | 'inside' | 'last'
}

export interface Arrow {
  readonly row: LadderRow
  /** Points right: from the client's line to the server's. */
  readonly rightwards: boolean
  readonly phase: 'done' | 'inFlight' | 'held' | 'dropped'
  /** Part of the unit let through, 0 to 1. */
  readonly fraction: number
  /** `26 B`, `13 of 26 B`, `6 B so far`. */
  readonly size: string
  readonly brackets: readonly Bracket[]
}

function isStreamEnd({ kind }: LadderRow): boolean {
  return kind === 'fin' || kind === 'reset'
}

function phaseOf(row: LadderRow, done: number): Arrow['phase'] {
  if (row.kind === 'dropped') return 'dropped'
  if (isStreamEnd(row)) return row.index < done ? 'done' : 'held'
  if (row.delivered === 0) return 'held'
  return row.complete && row.delivered >= spanLength(row.span) ? 'done' : 'inFlight'
}

function sizeOf(row: LadderRow, phase: Arrow['phase']): string {
  const length = spanLength(row.span)
  if (isStreamEnd(row)) return ''
  if (!row.complete && row.delivered === 0) return `${formatSize(length)} so far`
  if (phase !== 'inFlight') return formatSize(length)
  return row.complete ? `${row.delivered} of ${formatSize(length)}` : `${formatSize(row.delivered)} so far`
}

function fractionOf(row: LadderRow, phase: Arrow['phase']): number {
  if (phase === 'done') return 1
  const length = spanLength(row.span)
  // A unit whose length is not known yet is never drawn as more than half way.
  return length === 0 ? 0 : (row.delivered / length) * (row.complete ? 1 : 0.5)
}

/** Walks over the rows and marks those between the first and the last frame of a fragmented message. */
function bracketsOf(rows: readonly LadderRow[]): readonly (readonly Bracket[])[] {
  const open = new Map<string, Bracket>()
  return rows.map(({ connection, lane, index, messageRow, final }) => {
    const sender = senderOf(lane)
    const key = `${connection} ${sender}`
    const others = [...open].flatMap(([each, bracket]) => (each === key && messageRow !== undefined ? [] : [bracket]))
    if (messageRow === undefined) return others
    const first = messageRow === index
    if (final) open.delete(key)
    else open.set(key, { connection, sender, piece: 'inside' })
    if (first && final) return others
    return [...others, { connection, sender, piece: first ? 'first' : final ? 'last' : 'inside' }]
  })
}

/**
 * Arrows for consecutive rows, in order.
 * @param done how many rows of the ladder are wholly delivered
 */
export function arrowsOf(rows: readonly LadderRow[], done: number): readonly Arrow[] {
  const brackets = bracketsOf(rows)
  return rows.map((row, index) => {
    const phase = phaseOf(row, done)
    return {
      row,
      rightwards: row.lane === 'clientToServer',
      phase,
      fraction: fractionOf(row, phase),
      size: sizeOf(row, phase),
      brackets: brackets[index] ?? [],
    }
  })
}

/** How many rows at the start belong to the handshake. They fold into one line when there are two or more. */
export function handshakeRows(rows: readonly LadderRow[]): number {
  const first = rows.findIndex(({ tone }) => tone !== 'http' && tone !== 'hello')
  return first < 0 ? rows.length : first
}

/** What stands at a line of the list: the line that folds the handshake, or a row. */
export function rowAtLine(line: number, handshake: number, folded: boolean): number | 'fold' {
  if (handshake < 2) return line
  if (line === 0) return 'fold'
  return folded ? line - 1 + handshake : line - 1
}

/** The line a row stands at; the folding line for a row that is folded away. */
export function lineOfRow(row: number, handshake: number, folded: boolean): number {
  if (handshake < 2) return row
  if (!folded) return row + 1
  return row < handshake ? 0 : row - handshake + 1
}

export function lineCount(total: number, handshake: number, folded: boolean): number {
  if (handshake < 2) return total
  return folded ? total - handshake + 1 : total + 1
}

/** True when the row is what is selected. A stream's end stands behind the last byte, where nothing else is. */
export function isSelected(row: LadderRow, selection: Selection | null, connection: number): boolean {
  if (row.connection !== connection) return false
  if (selection === null || row.lane !== selection.lane || row.kind === 'dropped') return false
  return isStreamEnd(row) ? row.span.start === selection.offset : spanContains(row.span, selection.offset)
}

/** True when the gate still holds a byte of it, so that it can be edited, doubled or dropped. */
export function isHeld(arrow: Arrow): boolean {
  return arrow.phase === 'held' && !isStreamEnd(arrow.row)
}

/** What stands at an end: its name, and whether it is in this program or at which port it is; `address` is all of that. */
export interface LadderEnd {
  readonly name: string
  readonly where: string
  readonly address: string
}

/** Both ends of a connection with nothing in between. Nothing is known of where they are before there is one. */
export function endsOf(connection: ConnectionView | undefined): Readonly<Record<Role, LadderEnd>> {
  const of = (name: string) => (connection?.policy ? `Policy ${name}` : `${name[0]!.toUpperCase()}${name.slice(1)}`)
  const place = (role: Role) => {
    if (!connection) return { where: '', address: '' }
    // The names of the ends of a policy exchange leave no room; the server's address is above them.
    const port = connection.policy ? '' : `:${connection[role].port}`
    return { where: connection.inProcess ? 'in process' : port, address: formatAddress(connection[role]) }
  }
  return {
    client: { name: of('client'), ...place('client') },
    server: { name: of('server'), ...place('server') },
  }
}

/** The lifelines from left to right. */
export function lifelines(via: readonly IntermediaryKind[]): readonly string[] {
  return ['Client', ...via.map((kind) => intermediaries[kind].name), 'Server']
}

/** Where line `at` of `count + 1` stands, the ends of the ladder included. */
export function placeOnLine(at: number, count: number): { readonly left: string } {
  return { left: `calc(var(--rail) + (100% - 2 * var(--rail)) * ${at / count})` }
}

/** Where the name of that line stands, with as much room as there is between two lines. */
export function nameOnLine(at: number, count: number): { readonly left: string; readonly maxWidth: string } {
  return { ...placeOnLine(at, count), maxWidth: `calc((100% - 2 * var(--rail)) / ${count} - 4px)` }
}

/** Which lifelines an arrow is between: the leg's number from the left, of how many. */
export interface Leg {
  readonly at: number
  readonly of: number
  /** Its connection is the one that the other panes show. */
  readonly shown: boolean
  /** Who is at its ends, where that is not simply the client and the server. */
  readonly ends?: Readonly<Record<Role, string>>
}

export const onlyLeg: Leg = { at: 0, of: 1, shown: true }

/** What of a run with nodes in between tells where its legs are. */
export type Chain = Pick<RunView, 'via' | 'connections' | 'connection'>

/** The leg that a connection is. */
export function legOf(id: number, { via, connections, connection }: Chain): Leg {
  const at = Math.max(
    0,
    connections.findIndex((each) => each.id === id),
  )
  const names = lifelines(via)
  const ends = { client: names[at]!, server: names[at + 1]! }
  return { at, of: via.length + 1, shown: id === connection, ends }
}

/** For screen readers: `client to server, GET /demo, 203 B, held`; the ends are those of the arrow's leg. */
export function spokenRow({ row, size, phase }: Arrow, ends?: Readonly<Record<Role, string>>): string {
  const state = { done: '', inFlight: 'in flight', held: 'held', dropped: 'dropped at the gate' }[phase]
  const parts = [
    ends
      ? `${ends[senderOf(row.lane)]} to ${ends[receiverOf(row.lane)]}`
      : `${senderOf(row.lane)} to ${receiverOf(row.lane)}`,
    row.label,
    row.preview,
    size,
    state,
    row.edited ?? '',
    row.fault ? `${row.fault.severity}: ${row.fault.code}` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** The line of the console that does something to the unit at the gate. */
export function gateLine(action: 'duplicate' | 'drop' | 'break here', row: LadderRow): string {
  return `${action} ${senderOf(row.lane)} ${row.span.start}`
}

export type PayloadType = 'text' | 'hex'

/** The line that gives a held frame another payload. */
export function rewriteLine(
  { lane, offset }: { readonly lane: Lane; readonly offset: number },
  type: PayloadType,
  data: string,
  keepHeader: boolean,
): string {
  const flag = keepHeader ? ' --keep-header' : ''
  return `rewrite ${senderOf(lane)} ${offset} ${type}${flag} ${data === '' ? '' : quoteWord(data)}`.trimEnd()
}

/** The row a key moves the selection to; null when the key does not. */
export function targetOfKey(key: string, active: number, total: number): number | null {
  const last = total - 1
  const targets: Record<string, number> = {
    ArrowDown: Math.min(active + 1, last),
    ArrowUp: Math.max(active - 1, 0),
    PageDown: Math.min(active + 10, last),
    PageUp: Math.max(active - 10, 0),
    Home: 0,
    End: last,
  }
  return targets[key] ?? null
}
