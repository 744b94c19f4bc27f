// A behaviour: what is done with the class, and what it gives. Runs in a page and in Node, so nothing but globals that both
// have is used here.
import type { Order } from './orders.ts'

export interface Subject {
  readonly WebSocket: typeof WebSocket
  /** Of the obedient server. */
  readonly server: string
}

export interface Behaviour {
  readonly title: string
  run(subject: Subject): unknown
  readonly gives: unknown
  /** Where it needs a page: a base URL, or errors that are reported and not thrown. */
  readonly page?: true
}

/** Nobody listens there. */
export const anyPort = 'ws://127.0.0.1:9/'

export function urlFor(server: string, orders: readonly Order[]): string {
  return `${server}?do=${encodeURIComponent(JSON.stringify(orders))}`
}

export function connect({ WebSocket, server }: Subject, orders: readonly Order[] = [], protocols?: string | string[]) {
  const socket = new WebSocket(urlFor(server, orders), protocols)
  socket.binaryType = 'arraybuffer'
  return socket
}

export function when(socket: WebSocket, type: string): Promise<Event> {
  return new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }))
}

export async function opened(subject: Subject, orders: readonly Order[] = [], protocols?: string | string[]) {
  const socket = connect(subject, orders, protocols)
  await when(socket, 'open')
  return socket
}

export function hexOf(data: ArrayBuffer): string {
  return Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function told(event: Event): string {
  if (event.type === 'message') {
    const { data } = event as MessageEvent
    if (typeof data === 'string') return `text ${data.length > 200 ? data.length : data}`
    return data.byteLength > 200 ? `binary of ${data.byteLength}` : `binary ${hexOf(data)}`
  }
  if (event.type !== 'close') return event.type
  const { code, reason, wasClean } = event as CloseEvent
  return `close ${code} ${reason ? `“${reason}” ` : ''}${wasClean ? 'clean' : 'unclean'}`
}

/** Everything that is fired until the close, with the state it is fired in. */
export function story(socket: WebSocket): Promise<string[]> {
  const lines: string[] = []
  return new Promise((resolve) => {
    for (const type of ['open', 'message', 'error', 'close']) {
      socket.addEventListener(type, (event) => {
        lines.push(`${socket.readyState}: ${told(event)}`)
        if (type === 'close') resolve(lines)
      })
    }
  })
}

/** The name of what it throws. */
export function thrown(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).name
  }
  return 'nothing'
}

/** A socket that nobody waits for. */
export function briefly<T>(socket: WebSocket, look: (socket: WebSocket) => T): T {
  const seen = look(socket)
  socket.close()
  return seen
}

/** A server that breaks a rule once the connection is open. */
export function broken(title: string, ...orders: Order[]): Behaviour {
  return {
    title,
    run: async (subject) => (await story(connect(subject, orders))).slice(1),
    gives: ['3: error', '3: close 1006 unclean'],
  }
}
