// A conformance case: data that says what is sent to a peer and what the peer has to make of it. Who plays it is in
// main/conform, who judges what came in judge.ts.
import type { Role } from '../bytes/lanes.ts'
import type { Compression } from './compression.ts'
import { bytesOf, type RawFrame } from './frames.ts'
import type { Fields } from './opening.ts'

/** `non-strict`: tolerable, though the RFC says how to do better. `informational`: the RFC leaves it open. */
export type Verdict = 'pass' | 'non-strict' | 'informational' | 'fail' | 'unsupported'

export interface ConformCase {
  /** `5.6`: section and number, as in the public case list where it has the case. */
  readonly id: string
  /** One plain sentence: what is sent and what has to come of it. */
  readonly title: string
  /** The rule, ready to be shown: `RFC 6455 §5.4`. */
  readonly cite: string
  /** Which roles can be tested by it. */
  readonly peers: readonly Role[]
  readonly opening?: Opening
  /** In order. */
  moves(effort: Effort): Iterable<Move>
  readonly ending: Ending
  /** Set where the RFC leaves the outcome open. */
  readonly informational?: true
  /** How many times as long as usual the peer may take; 1 unless set. */
  readonly patience?: number
}

/** How much goes back and forth in the cases that send many messages. */
export interface Effort {
  readonly messages: number
  /** Fewer messages are sent where so many would be more bytes than this, before they are compressed. */
  readonly bytes: number
}

/** How many messages of a size that makes. At least one. */
export function messagesOf({ messages, bytes }: Effort, size: number): number {
  return Math.max(1, Math.min(messages, Math.floor(bytes / size)))
}

/** What is unusual about the handshake. */
export interface Opening {
  /** Our request, when the peer is a server. */
  request?(usual: Fields): Head
  /** Our response, when the peer is a client. */
  response?(usual: Fields): Head
  readonly compression?: Compression
  /** Bytes a write; else the head goes in one. */
  readonly chop?: number
}

/** A head to be sent: without a line of its own the usual one. */
export interface Head {
  readonly line?: string
  readonly fields: Fields
}

/** What the peer has to answer, whole and in order. */
export interface Answer {
  readonly kind: 'text' | 'binary' | 'pong'
  readonly payload: Uint8Array
}

export type Move =
  | {
      readonly kind: 'send'
      readonly frames: readonly RawFrame[]
      /** What has to come back for it. */
      readonly answers: readonly Answer[]
      /** Bytes a write, or a frame a write; else all go in one. */
      readonly chop?: number | 'frames'
      /** Pauses inside the first frame, after so many bytes of its payload. */
      readonly stops?: readonly Stop[]
    }
  /** A message for the extension that was agreed on: compressed, then cut into frames of `fragment` bytes. */
  | { readonly kind: 'compressed'; readonly message: Answer; readonly fragment: number }
  /** Until all that is due has come. */
  | { readonly kind: 'await' }
  | { readonly kind: 'pause'; readonly length: PauseLength }

/** `brief`: the peer has no reason to do anything. `long`: it should have failed the connection before the end of it. */
export type PauseLength = 'brief' | 'long'

export interface Stop {
  readonly after: number
  readonly length: PauseLength
}

/** How the connection has to end. A code is null where a close frame without one will do. */
export type Ending =
  /** We close with 1000 when all has come, and the peer answers. */
  | { readonly kind: 'weClose' }
  /** One of the moves closes, and the peer answers with one of the codes. */
  | { readonly kind: 'answersClose'; readonly codes: readonly (number | null)[] }
  /** The peer fails the connection by itself, with one of the codes. */
  | { readonly kind: 'fails'; readonly codes: readonly number[] }
  /** A server turns the request away: one of the statuses would be best. */
  | { readonly kind: 'refusesRequest'; readonly statuses: readonly number[]; readonly names?: string }
  /** A client gives the connection up, without a frame. */
  | { readonly kind: 'refusesResponse' }

export const anyPeer: readonly Role[] = ['server', 'client']

/** The peer ends the handshake of our close properly. */
export const weClose: Ending = { kind: 'weClose' }

/** RFC 6455 §7.4.1: 1002 is for what breaks the protocol. */
export const failsProtocol: Ending = { kind: 'fails', codes: [1002] }

/** RFC 6455 §8.1, §7.4.1: 1007 is for text that is not UTF-8. */
export const failsText: Ending = { kind: 'fails', codes: [1007] }

type SendMore = Pick<Extract<Move, { kind: 'send' }>, 'chop' | 'stops'>

export function send(
  frames: RawFrame | readonly RawFrame[],
  answers: readonly Answer[] = [],
  more: SendMore = {},
): Move {
  return { kind: 'send', frames: 'opcode' in frames ? [frames] : frames, answers, ...more }
}

/** Sends one message, in one frame or several, which has to come back. */
export function echoed(frames: RawFrame | readonly RawFrame[], more: SendMore = {}): Move {
  const all = 'opcode' in frames ? [frames] : frames
  return send(all, [echoOf(all)], more)
}

/** The message that these frames make. */
export function echoOf(frames: readonly RawFrame[]): Answer {
  const size = frames.reduce((sum, { payload }) => sum + payload.length, 0)
  const payload = new Uint8Array(size)
  let at = 0
  for (const part of frames) {
    payload.set(part.payload, at)
    at += part.payload.length
  }
  return { kind: frames[0]!.opcode === 2 ? 'binary' : 'text', payload }
}

export function pongOf(payload: string | Uint8Array): Answer {
  return { kind: 'pong', payload: bytesOf(payload) }
}

/** A case that either role can be tested by, with all its moves made at once. */
export function simple(
  id: string,
  title: string,
  section: string,
  moves: readonly Move[],
  ending: Ending,
  more: Pick<ConformCase, 'informational' | 'patience'> = {},
): ConformCase {
  return { id, title, cite: `RFC 6455 §${section}`, peers: anyPeer, moves: () => moves, ending, ...more }
}
