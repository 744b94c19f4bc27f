// The key that a client's frames are masked with where both heads have a part in it, as of a cursor. hybi-04 §4.2.
import type { Dialect } from '../dialects/dialect.ts'
import { agreedIn } from '../endpoint/agreed.ts'
import { headLimit } from '../endpoint/laneScanner.ts'
import { readRequest } from '../endpoint/requestFacts.ts'
import { agreedUnseen } from '../endpoint/unseen.ts'
import { hashesMasks } from '../framing/frameMask.ts'
import { findHeadEnd, type Head, type HeadKind, parseHead, startLineBroken, statusOf } from '../handshake/head.ts'
import type { Cursor } from './record.ts'
import type { ConnectionCapture } from './types.ts'

/** As the server has it: from the request it was given and the response it sent. Null while one of them is not whole. */
export function connectionKeyAt(connection: ConnectionCapture, cursor: Cursor, dialect: Dialect): Uint8Array | null {
  if (!hashesMasks(dialect)) return null
  const { unseen } = connection.opened
  if (unseen) return agreedUnseen(dialect, unseen).connectionKey
  const given = connection.deliveredLengthAt('clientToServer', cursor)
  const sent = connection.sentLengthAt('serverToClient', cursor)
  return keyMadeOf(
    connection.readDelivered('clientToServer', 0, Math.min(headLimit, given)),
    connection.readSent('serverToClient', 0, Math.min(headLimit, sent)),
    dialect,
  )
}

/** The key, of the first bytes of what a server was given and of what it sent. */
export function keyMadeOf(given: Uint8Array, sent: Uint8Array, dialect: Dialect): Uint8Array | null {
  const request = headIn(given, 'request')
  const response = request && headIn(sent, 'response')
  if (!request || !response || statusOf(response) !== 101) return null
  return agreedIn(response, readRequest(request, dialect), dialect).connectionKey
}

function headIn(bytes: Uint8Array, kind: HeadKind): Head | null {
  const end = findHeadEnd(bytes, 0, bytes.length)
  return end < 0 || startLineBroken(bytes, kind, 0, end) >= 0 ? null : parseHead(bytes.subarray(0, end), kind)
}
