// What the receiver of a lane knows of the handshake: what it sent itself, as it sent it, and what it is given, as the
// gate gives it. Links point into the gate stream, the coordinates of every view.

import { type Lane, laneFrom, lanes, receiverOf } from '../bytes/lanes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import {
  emptyContext,
  type HandshakeContext,
  type HandshakeUnits,
  type Known,
  type PlacedBytes,
  readContext,
} from '../endpoint/describeContext.ts'
import { headLimit, scanUnits } from '../endpoint/laneScanner.ts'
import { agreedUnseen } from '../endpoint/unseen.ts'
import { type Cursor, compareCursors } from './record.ts'
import type { ConnectionCapture } from './types.ts'
import { gateLength, readGate, type World } from './viewsUnits.ts'

/** A head and the beginning of the frame behind it fit in this. */
const handshakeBytes = headLimit + 64
/** And usually in this: more would be many reads, of frames that nobody asked about. */
const shortHandshake = 1024

/** The first `count` bytes of a lane, fewer where there are no more. */
type Beginning = (world: World, lane: Lane, count: number) => Uint8Array

/** What was found last for a connection, for the next unit that is looked at as of the same cursor. */
interface Found {
  readonly cursor: Cursor
  readonly dialect: Dialect
  readonly contexts: Partial<Record<Lane, HandshakeContext>>
}
const found = new WeakMap<ConnectionCapture, Found>()

/** The handshake as the receiver of `lane` knows it. As of a cursor it stays as it is, since a log only grows. */
export function contextFor(world: World, lane: Lane): HandshakeContext {
  const { connection, cursor, dialect } = world
  let known = found.get(connection)
  if (known?.dialect !== dialect || compareCursors(known.cursor, cursor) !== 0) {
    known = { cursor, dialect, contexts: {} }
    found.set(connection, known)
  }
  const { contexts } = known
  contexts[lane] ??= readContextFor(world, lane)
  return contexts[lane]
}

function readContextFor(world: World, lane: Lane): HandshakeContext {
  const { unseen } = world.connection.opened
  if (unseen) return { ...emptyContext, agreed: agreedUnseen(world.dialect, unseen) }
  const own = laneFrom(receiverOf(lane))
  const known = readContext(
    world.dialect,
    handshakeUnits(world, (from) => (from === own ? sent : gate)),
  )
  if (world.connection.editsAt(own, world.cursor).length === 0) return known
  return placedAs(
    known,
    readContext(
      world.dialect,
      handshakeUnits(world, () => gate),
    ),
  )
}

const sent: Beginning = ({ connection, cursor }, lane, count) =>
  connection.readSent(lane, 0, Math.min(count, connection.sentLengthAt(lane, cursor)))

const gate: Beginning = (world, lane, count) => readGate(world, lane, 0, Math.min(count, gateLength(world, lane)))

function handshakeUnits(world: World, beginningOf: (lane: Lane) => Beginning): HandshakeUnits {
  const [request, response] = lanes.map((lane) => firstUnits(world, lane, beginningOf(lane)))
  const { challenge } = world.dialect.handshake
  return {
    request: request?.[0] ?? null,
    response: response?.[0] ?? null,
    serverHello: (challenge === 'hello' && response?.[1]) || null,
    clientChallenge: (challenge === 'keyNumbers' && request?.[1]) || null,
  }
}

function firstUnits(world: World, lane: Lane, beginning: Beginning): PlacedBytes[] {
  const short = beginning(world, lane, shortHandshake)
  const isEnough = short.length < shortHandshake || scanUnits(world.dialect, lane, short).length >= 2
  const bytes = isEnough ? short : beginning(world, lane, handshakeBytes)
  const units = scanUnits(world.dialect, lane, bytes, { open: true }).slice(0, 2)
  return units.map(({ start, end }) => ({ start, bytes: bytes.subarray(start, end) }))
}

/** The values as they were sent, at the places where the gate stream has the same things. */
function placedAs(known: HandshakeContext, gate: HandshakeContext): HandshakeContext {
  return {
    resource: placed(known.resource, gate.resource),
    clientNonce: placed(known.clientNonce, gate.clientNonce),
    serverNonce: placed(known.serverNonce, gate.serverNonce),
    key: placed(known.key, gate.key),
    responseNonce: placed(known.responseNonce, gate.responseNonce),
    key1: placed(known.key1, gate.key1),
    key2: placed(known.key2, gate.key2),
    key3: placed(known.key3, gate.key3),
    offered: placed(known.offered, gate.offered),
    chosen: placed(known.chosen, gate.chosen),
    agreed: known.agreed,
  }
}

function placed<T>(known: Known<T> | null, gate: Known<T> | null): Known<T> | null {
  return known && gate ? { ...known, span: gate.span } : known
}
