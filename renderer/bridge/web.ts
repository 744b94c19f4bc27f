// The contract over a WebSocket, reconnecting with growing pauses. Every request settles.
import { failure } from '../../shared/ipc/result.ts'
import { decodeWire, encodeWire, type WireReply } from '../../shared/ipc/wire.ts'
import { createCalls } from './calls.ts'
import type { LinkedBridge, LinkState } from './link.ts'

/** As much of a WebSocket as is used, so that tests can stand in for it. */
export interface Socket {
  send(text: string): void
  addEventListener(kind: 'open' | 'close', listener: () => void): void
  addEventListener(kind: 'message', listener: (event: { readonly data: unknown }) => void): void
}

export interface Timer {
  setTimeout(action: () => void, milliseconds: number): unknown
}

const firstPause = 250
const longestPause = 4000
const lost = 'The Wirestep process cannot be reached. Check that it still runs; this window reconnects by itself.'

/**
 * A bridge over WebSockets that `open` makes.
 * @param url where the host listens: `ws://127.0.0.1:4600/bridge`
 */
export function connectWeb(url: string, open: (url: string) => Socket, timer: Timer): LinkedBridge {
  const watchers = new Set<(state: LinkState) => void>()
  const queue: string[] = []
  let state: LinkState = 'connecting'
  let socket: Socket
  let pause = firstPause

  const calls = createCalls((request) => {
    const text = encodeWire(request)
    if (state === 'up') socket.send(text)
    else queue.push(text)
  })

  function enter(next: LinkState) {
    if (next === state) return
    state = next
    for (const watcher of watchers) watcher(state)
  }

  function whenUp() {
    pause = firstPause
    enter('up')
    for (const text of queue.splice(0)) socket.send(text)
  }

  function whenDown() {
    enter('lost')
    queue.length = 0
    calls.failAll(lost)
    timer.setTimeout(dial, pause)
    pause = Math.min(pause * 2, longestPause)
  }

  function whenTold(data: unknown) {
    const decoded = typeof data === 'string' ? decodeWire(data) : failure('The host sent something that is not text.')
    if (!decoded.ok) throw new Error(decoded.error)
    calls.take(decoded.value as WireReply)
  }

  function dial() {
    socket = open(url)
    socket.addEventListener('open', whenUp)
    socket.addEventListener('close', whenDown)
    socket.addEventListener('message', (event) => whenTold(event.data))
  }

  dial()
  return {
    request: (method, payload) => (state === 'lost' ? Promise.resolve(failure(lost)) : calls.request(method, payload)),
    subscribe: calls.subscribe,
    watchLink(watcher) {
      watchers.add(watcher)
      watcher(state)
      return () => watchers.delete(watcher)
    },
  }
}
