// One client of a sample: a `WebSocketDraft` to its server, JSON both ways, and which connection of the run it is.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WebSocketDraft } from '../../draft/webSocketDraft.ts'

export interface LineState {
  readonly state: 'connecting' | 'open' | 'closed'
  /** Number of its connection in the run. */
  readonly connection: number
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

/** Gives the clients of a run their connections: one after the other, as a run numbers them in the order they come. */
export interface Dialler {
  dial(): Promise<{ readonly socket: WebSocketDraft; readonly connection: number }>
}

export function createDialler(connect: () => WebSocketDraft): Dialler {
  let last = 0
  let turn = Promise.resolve()
  return {
    dial: () => {
      const dialled = turn.then(() => {
        last += 1
        return { socket: connect(), connection: last }
      })
      turn = dialled.then(
        ({ socket }) =>
          new Promise((resolve) => {
            for (const type of ['open', 'close']) socket.addEventListener(type, () => resolve(), { once: true })
          }),
      )
      return dialled
    },
  }
}

export interface LineEvents {
  opened(): void
  /** `data`: a JSON text as it was read; undefined where it was none. */
  heard(data: unknown): void
}

export function createLine(dialler: Dialler, { opened, heard }: LineEvents): Line {
  const store = createStore<LineState>(() => ({ state: 'closed', connection: 0, ended: null }))
  let socket: WebSocketDraft | null = null

  function attach(made: WebSocketDraft, connection: number): void {
    socket = made
    store.setState({ connection })
    made.onopen = () => {
      store.setState({ state: 'open' })
      opened()
    }
    made.onmessage = ({ data }) => heard(readJson(data))
    made.onclose = ({ code, reason, wasClean }) =>
      store.setState({ state: 'closed', ended: endedSentence(code, reason, wasClean) })
  }

  return {
    store,
    open: () => {
      if (store.getState().state !== 'closed') return
      store.setState({ state: 'connecting', ended: null })
      void dialler.dial().then((made) => attach(made.socket, made.connection))
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
