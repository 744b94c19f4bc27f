// The server programming model: what a service is told, and what it can do. It speaks in messages under any dialect and
// never sees a frame.
import type { Address } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import type { Message } from '../../shared/endpoint/types.ts'
import type { Result } from '../../shared/ipc/result.ts'
import type { Abilities } from './abilities.ts'

/** Text is a string, a binary message is bytes. */
export type Data = string | Uint8Array

/** One open connection, as its service sees it. */
export interface Session<State = unknown> {
  /** Counts connections from 1, refused ones too; a recording knows the connection by the same number. */
  readonly id: number
  /** Where the client connects from. */
  readonly remote: Address
  readonly dialect: DialectId
  readonly can: Abilities
  /** The subprotocol that was agreed on; empty when none was. */
  readonly protocol: string
  /** Path and query that the client asked for. */
  readonly resource: string
  /** What the client says it comes from; null when it says nothing. */
  readonly origin: string | null
  /** The service's own, begun by its `state`. */
  state: State
  readonly host: Host<State>
  /** Bytes that were sent and that the client has not taken yet. */
  readonly bufferedAmount: number
  /** Sends one message, or passes on one that was received. Fails with one sentence: closing, no binary messages, or a client that does not keep up. */
  send(data: Data | Message): Result<void>
  /** Sends a ping. Fails with one sentence where the dialect has none. */
  ping(): Result<void>
  /**
   * Starts the closing handshake. A dialect without close codes, or without this one, closes without it. Fails with one
   * sentence when the connection is closing already, or when the reason has more than 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): Result<void>
}

/** All sessions of a service on one listener. */
export interface Host<State = unknown> {
  /** Those that are open. */
  readonly sessions: ReadonlySet<Session<State>>
  /** Sends to every open session but `except`; answers to how many. */
  broadcast(data: Data | Message, except?: Session<State>): number
}

/** How a session ended. `clean`: with the closing handshake finished. Code and reason where the dialect has them. */
export interface Closing {
  readonly clean: boolean
  readonly code?: number
  readonly reason?: string
}

/**
 * What a service does. Callbacks of a session come in order and are not waited for. What one throws, or rejects with,
 * goes to `error` and closes that session with 1011; no other session notices.
 */
export interface Callbacks<State> {
  /** The host listens. */
  start?(host: Host<State>): unknown
  open?(session: Session<State>): unknown
  message?(session: Session<State>, data: Data): unknown
  /** In place of `message`: the message as it came, a text not decoded, to look at its bytes or to pass it on. */
  rawMessage?(session: Session<State>, message: Message): unknown
  /** Once for every session that was opened, last. */
  close?(session: Session<State>, how: Closing): unknown
  /** `session` is null when `start` or `stop` failed. Without it, or when it fails itself, the host's `onProblem` is told. */
  error?(error: unknown, session: Session<State> | null): unknown
  /** The host is about to close its sessions. */
  stop?(host: Host<State>): unknown
}

export interface Service<State = undefined> extends Callbacks<State> {
  /** What a session's state is when it opens. */
  state(): State
}

/** Names the type of a session's state once, from what `state` answers; without `state` there is none. */
export function defineService<State>(service: Service<State>): Service<State>
export function defineService(service: Callbacks<undefined>): Service<undefined>
export function defineService(service: Callbacks<unknown>): Service<unknown> {
  return { state: () => undefined, ...service }
}
