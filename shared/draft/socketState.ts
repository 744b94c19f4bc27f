// What a WebSocketDraft is between two events, as a value: what comes of each event, and what is to be fired for it.
import type { DraftEvent } from './transport.ts'

export const readyStates = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const

export type ReadyState = (typeof readyStates)[keyof typeof readyStates]

export interface SocketState {
  readonly readyState: ReadyState
  readonly protocol: string
  readonly extensions: string
  /** Bytes that were given to `send` and are not the system's affair yet. */
  readonly buffered: number
}

export const connecting: SocketState = { readyState: readyStates.CONNECTING, protocol: '', extensions: '', buffered: 0 }

/** What listeners are told. */
export type Fired =
  | { readonly type: 'open' | 'error' }
  | { readonly type: 'message'; readonly data: string | Uint8Array }
  | { readonly type: 'close'; readonly wasClean: boolean; readonly code: number; readonly reason: string }

export interface Taken {
  readonly state: SocketState
  readonly fired: readonly Fired[]
}

/** WebSockets standard, "Feedback from the protocol". */
export function take(state: SocketState, event: DraftEvent): Taken {
  switch (event.kind) {
    case 'open':
      return state.readyState === readyStates.CONNECTING ? open(state, event) : { state, fired: [] }
    case 'message':
      return { state, fired: state.readyState === readyStates.OPEN ? [{ type: 'message', data: event.data }] : [] }
    case 'sent':
      return { state: { ...state, buffered: state.buffered - event.size }, fired: [] }
    case 'closing':
      return { state: { ...state, readyState: readyStates.CLOSING }, fired: [] }
    case 'close':
      return state.readyState === readyStates.CLOSED ? { state, fired: [] } : close(state, event)
  }
}

function open(state: SocketState, { protocol, extensions }: Extract<DraftEvent, { kind: 'open' }>): Taken {
  return { state: { ...state, readyState: readyStates.OPEN, protocol, extensions }, fired: [{ type: 'open' }] }
}

function close(state: SocketState, { clean, code, reason, failed }: Extract<DraftEvent, { kind: 'close' }>): Taken {
  const closed: Fired = { type: 'close', wasClean: clean, code, reason }
  const fired: readonly Fired[] = failed ? [{ type: 'error' }, closed] : [closed]
  return { state: { ...state, readyState: readyStates.CLOSED }, fired }
}

/** `close` was called, or the connection is given up. */
export function beginClosing(state: SocketState): SocketState {
  return { ...state, readyState: readyStates.CLOSING }
}

/** What is sent too late counts for ever: nothing takes it. */
export function addBuffered(state: SocketState, size: number): SocketState {
  return { ...state, buffered: state.buffered + size }
}
