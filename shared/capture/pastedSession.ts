// A session out of bytes that came without one: pasted hex, of one lane or of both, from the handshake on or behind it.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { bytesOf, type PastedPiece, parsePasted } from '../bytes/pasted.ts'
import type { DialectId } from '../dialects/dialect.ts'
import { dialectById } from '../dialects/registry.ts'
import { createDetector } from '../endpoint/detect.ts'
import { scanUnits } from '../endpoint/laneScanner.ts'
import { objectionToUnseen, type UnseenHandshake } from '../endpoint/unseen.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import type { LogEntry, RecordOf, Time } from './record.ts'

export interface PastedSession {
  /** What each lane is made of, as text in any form that is read; left out: nothing is known of that lane. */
  readonly client?: string
  readonly server?: string
  readonly dialect: DialectId | 'auto'
  /** The bytes come behind the handshake, of which this is known; null when they begin with it. */
  readonly unseen: UnseenHandshake | null
}

/** What was said of the handshake, without what was not. */
export function unseenOf({
  key,
  nonce,
  extensions,
}: { readonly [F in 'key' | 'nonce' | 'extensions']: string | undefined }): UnseenHandshake {
  return {
    ...(key !== undefined && { key }),
    ...(nonce !== undefined && { nonce }),
    ...(extensions !== undefined && { extensions }),
  }
}

interface LanePiece {
  readonly lane: Lane
  readonly bytes: Uint8Array
}

/** The log of such a session, all of it at `time`. A failure says what is wrong, and where. */
export function recordsOfPasted(session: PastedSession, time: Time): Result<readonly LogEntry[]> {
  const pieces = piecesOf(session)
  if (!pieces.ok) return pieces
  const wrong = objectionTo(session, pieces.value)
  if (wrong !== null) return failure(wrong)
  const known = lanes.filter((lane) => pieces.value.some((piece) => piece.lane === lane))
  const opened = openOf(session, time, known.length === 1 ? known[0]! : null)
  return success([opened, ...pieces.value.map((piece) => crossing(piece, time))])
}

function openOf({ dialect, unseen }: PastedSession, time: Time, lone: Lane | null): RecordOf<'open'> {
  const client = { host: '127.0.0.1', port: 49_152 }
  const server = { host: '127.0.0.1', port: 80 }
  const topology = { client, gateForClient: server, gateForServer: client, server }
  return {
    ...{ kind: 'open', time, connection: 1, topology },
    ...(dialect !== 'auto' && { dialect }),
    ...(unseen && { unseen }),
    ...(lone && { lone }),
  }
}

function crossing({ lane, bytes }: LanePiece, time: Time): LogEntry {
  return { kind: 'passed', time, connection: 1, lane, bytes }
}

/** In the order in which they crossed, as far as that is told or can be. */
function piecesOf(session: PastedSession): Result<readonly LanePiece[]> {
  const { client = '', server = '' } = session
  const [fromClient, fromServer] = [parsePasted(client), parsePasted(server)]
  if (!fromClient.ok) return failure(`What the client sent cannot be read: ${fromClient.error}`)
  if (!fromServer.ok) return failure(`What the server sent cannot be read: ${fromServer.error}`)
  const [asked, answered] = [fromClient.value.pieces, fromServer.value.pieces]
  if (hasBothWays(asked) && answered.length === 0) return success(asked.map((piece) => placed(piece, 'clientToServer')))
  if (hasBothWays(answered) && asked.length === 0)
    return success(answered.map((piece) => placed(piece, 'serverToClient')))
  if (hasBothWays([...asked, ...answered])) {
    return failure('One text has both directions already: leave the other one empty.')
  }
  return success(inTurn(session, bytesOf(asked, 0), bytesOf(answered, 0)))
}

function hasBothWays(pieces: readonly PastedPiece[]): boolean {
  return pieces.some(({ peer }) => peer === 1)
}

/** `first`: the lane of peer 0. */
function placed({ peer, bytes }: PastedPiece, first: Lane): LanePiece {
  return { bytes, lane: lanes.find((lane) => (lane === first) === (peer === 0))! }
}

/** Of lanes without an order: the request, what answers it, then what the client says behind it, then the server. */
function inTurn(session: PastedSession, asked: Uint8Array, answered: Uint8Array): readonly LanePiece[] {
  const [asks, answers] = [
    handshakeEnd(session, 'clientToServer', asked),
    handshakeEnd(session, 'serverToClient', answered),
  ]
  const pieces: readonly LanePiece[] = [
    { lane: 'clientToServer', bytes: asked.subarray(0, asks) },
    { lane: 'serverToClient', bytes: answered.subarray(0, answers) },
    { lane: 'clientToServer', bytes: asked.subarray(asks) },
    { lane: 'serverToClient', bytes: answered.subarray(answers) },
  ]
  return pieces.filter(({ bytes }) => bytes.length > 0)
}

/** Where the head and what belongs to it ends; a server's Hello is a part of it. hello-00 §5. */
function handshakeEnd({ dialect, unseen }: PastedSession, lane: Lane, bytes: Uint8Array): number {
  if (unseen) return 0
  const known = dialectById(dialect === 'auto' ? 'rfc6455' : dialect)
  const units = scanUnits(known, lane, bytes)
  const hello = known.handshake.challenge === 'hello' && lane === 'serverToClient' ? 1 : 0
  const heads = units.filter(({ kind }) => kind !== 'frame' && kind !== 'junk').length
  return units[heads - 1 + hello]?.end ?? units[heads - 1]?.end ?? 0
}

function objectionTo(session: PastedSession, pieces: readonly LanePiece[]): string | null {
  const { dialect, unseen } = session
  if (pieces.length === 0) return 'There are no bytes: paste what the client sent, what the server sent, or both.'
  const objections = pieces.map(({ lane }) =>
    unseen && dialect !== 'auto' ? objectionToUnseen(dialectById(dialect), lane, unseen) : null,
  )
  return dialect === 'auto' ? objectionToGuess(unseen, pieces) : (objections.find((one) => one !== null) ?? null)
}

const hint = 'say which dialect it is'

function objectionToGuess(unseen: UnseenHandshake | null, pieces: readonly LanePiece[]): string | null {
  const asked = pieces.filter(({ lane }) => lane === 'clientToServer')
  if (unseen || asked.length === 0) {
    return `Only the request of a client tells the dialect, and it is not among these bytes: ${hint}.`
  }
  const detector = createDetector()
  const isTold = asked.some(({ bytes }) => detector.feed(bytes) !== null)
  return isTold ? null : `The request is not whole, so that it does not tell the dialect: ${hint}.`
}
