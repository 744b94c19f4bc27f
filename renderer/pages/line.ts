// What a page has to its server: a `WebSocketDraft`, JSON both ways, made again when it is asked for.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WebSocketDraft } from '../draft/webSocketDraft.ts'

export interface LineState {
  readonly state: 'connecting' | 'open' | 'closed'
  /** How the last one ended. */
  readonly ended: string | null
}

export interface Line {
  readonly store: StoreApi<LineState>
  /** Connects, again where it was connected before. */
  open(): void
  /** Nothing is sent while it is not open. */
  send(request: unknown): void
  close(): void
}

export type Connect = () => WebSocketDraft

export interface LineEvents {
  opened(): void
  /** `data`: a JSON text as it was read; undefined where it was none. */
  heard(data: unknown): void
}

export function createLine(connect: Connect, { opened, heard }: LineEvents): Line {
  const store = createStore<LineState>(() => ({ state: 'closed', ended: null }))
  let socket: WebSocketDraft | null = null

  function attach(made: WebSocketDraft): WebSocketDraft {
    made.onopen = () => {
      store.setState({ state: 'open' })
      opened()
    }
    made.onmessage = ({ data }) => heard(readJson(data))
    made.onclose = ({ code, reason, wasClean }) =>
      store.setState({ state: 'closed', ended: endedSentence(code, reason, wasClean) })
    return made
  }

  return {
    store,
    open: () => {
      if (store.getState().state !== 'closed') return
      store.setState({ state: 'connecting', ended: null })
      socket = attach(connect())
    },
    send: (request) => {
      if (store.getState().state === 'open') socket?.send(JSON.stringify(request))
    },
    close: () => socket?.close(),
  }
}

function readJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined
  } catch {
    return undefined
  }
}

/** Why nobody is there any more. */
export function endedSentence(code: number, reason: string, wasClean: boolean): string {
  const why = reason === '' ? '' : `: ${reason}`
  return wasClean ? `Closed (${code})${why}` : `The connection was lost (${code})${why}`
}
