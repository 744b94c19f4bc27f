// What can be counted of one run.
import { type Lane, type Role, roles } from '../bytes/lanes.ts'
import { type Cursor, compareCursors } from '../capture/record.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { nextRow, tableFor } from '../endpoint/tables.ts'
import { framingOf } from '../framing/header.ts'
import { beginsNoHead } from '../handshake/head.ts'
import { type NamedCell, proofName } from './align.ts'
import type { Column } from './compare.ts'

export interface Measures {
  readonly bytes: number
  /** Of these, what reads as a request or a response of HTTP. */
  readonly http: number
  /** Between the heads and the first message. */
  readonly proof: number
  readonly maskedFrames: number
  readonly keyBytes: number
  /** How often the wire has to be crossed before each end may send its first message; null: it never may. */
  readonly crossings: Readonly<Record<Role, number | null>>
}

export function measure(column: Column): Measures {
  const cells = column.phases.flat()
  const sum = (of: readonly NamedCell[]) => of.reduce((total, { size }) => total + size, 0)
  return {
    bytes: sum(cells),
    http: sum(cells.filter(({ http }) => http)),
    proof: sum(proofsOf(column)),
    maskedFrames: cells.filter(({ masked }) => masked).length,
    keyBytes: cells.reduce((total, { keyBytes }) => total + keyBytes, 0),
    crossings: Object.fromEntries(roles.map((role) => [role, crossingsOf(column, role)])) as Measures['crossings'],
  }
}

/** The units of the opening that prove something and are no heads. */
export function proofsOf({ phases }: Column): readonly NamedCell[] {
  return (phases[0] ?? []).filter(({ name }) => name === proofName)
}

/** Flights of the opening that are over when the end first comes to a state it may send messages from. */
function crossingsOf(column: Column, role: Role): number | null {
  const at = mayFirstSendAt(column, role)
  if (at === null) return null
  const passed = (column.phases[0] ?? []).filter(({ cursor }) => compareCursors(cursor, at) <= 0)
  return passed.filter(({ lane }, index) => lane !== passed[index - 1]?.lane).length
}

function mayFirstSendAt({ capture, dialect }: Column, role: Role): Cursor | null {
  const table = tableFor(dialect, role)
  const move = capture.connections[0]!.transitions.find(
    ({ role: mover, to }) => mover === role && nextRow(table, to, 'sendData') !== undefined,
  )
  return move?.cursor ?? null
}

/** `1½ round trips`. */
export function tripsText(crossings: number | null): string {
  if (crossings === null) return 'never'
  const whole = Math.floor(crossings / 2)
  const written = `${whole > 0 || crossings === 0 ? whole : ''}${crossings % 2 === 1 ? '½' : ''}`
  return `${written} ${crossings > 2 || crossings === 0 ? 'round trips' : 'round trip'}`
}

export interface FirstByte {
  /** `0x8f`. */
  readonly hex: string
  /** Whether an HTTP parser would go on reading it as the beginning of a message. */
  readonly couldBeginHead: boolean
  /** Drawn at random, or made from what was: with another seed it is another byte. */
  readonly byChance: boolean
}

/** What an HTTP parser that reads on meets behind the head of a lane; null when nothing follows. */
export function firstByteBehindHead({ phases, capture, dialect }: Column, lane: Lane): FirstByte | null {
  const next = phases.flat().find((cell) => cell.lane === lane && !cell.http && cell.size > 0)
  if (next === undefined) return null
  const bytes = capture.connections[0]!.readDelivered(lane, next.offset, next.offset + 1)
  const kind = lane === 'clientToServer' ? 'request' : 'response'
  return {
    hex: `0x${bytes[0]!.toString(16).padStart(2, '0')}`,
    couldBeginHead: !beginsNoHead(bytes, kind),
    byChance: beginsByChance(next, dialect),
  }
}

/** A proof that is no frame begins with any byte, and so does a frame with its masking key in front. */
function beginsByChance({ name, masked }: NamedCell, dialect: Dialect): boolean {
  if (name === proofName) return dialect.handshake.challenge === 'keyNumbers'
  return masked && framingOf(dialect, 'clientToServer').keyInFront > 0
}
