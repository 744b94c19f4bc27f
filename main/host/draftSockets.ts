// The sockets that a page has through the bridge: one connection of ours for each `WebSocketDraft` of the page.
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { type DraftConnection, type DraftEvent, failedClose } from '../../shared/draft/transport.ts'
import type { Payload, Push } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { DraftRequest } from '../../shared/ipc/schemas.ts'
import { createSocketTransport } from '../client/socketTransport.ts'

export interface DraftSockets {
  answer(request: DraftRequest): Result<null>
  /** Breaks all off, and tells nobody. */
  abortAll(): void
}

/** Sockets of one page at once. */
const mostSockets = 64
/** Bytes that may wait to be sent on one before it is broken off. The standard has that for a buffer that is full. */
const mostUnsent = 64 * 1024 * 1024

interface PageSocket {
  readonly connection: DraftConnection
  unsent: number
}

export function createDraftSockets(origin: string, tell: (push: Push) => void): DraftSockets {
  const transport = createSocketTransport(origin)
  const sockets = new Map<number, PageSocket>()
  const done = success(null)

  function open({ socket, ...request }: Payload<'draftOpen'>): Result<null> {
    if (sockets.has(socket)) return failure(`There is a socket ${socket} already.`)
    if (sockets.size >= mostSockets) {
      const why = `A page has at most ${mostSockets} sockets at once: close one.`
      tell({ kind: 'draft', socket, event: failedClose(why) })
      return done
    }
    const opened: PageSocket = { connection: transport(request, (event) => pass(socket, opened, event)), unsent: 0 }
    sockets.set(socket, opened)
    return done
  }

  /** What comes of a socket that was broken off with its page is nobody's affair. */
  function pass(number: number, socket: PageSocket, event: DraftEvent): void {
    if (sockets.get(number) !== socket) return
    if (event.kind === 'sent') socket.unsent -= event.size
    if (event.kind === 'close') sockets.delete(number)
    tell({ kind: 'draft', socket: number, event })
  }

  function send(socket: PageSocket, { data, size }: Payload<'draftSend'>): void {
    socket.unsent += size
    if (socket.unsent > mostUnsent) socket.connection.abort()
    else socket.connection.send(data, size)
  }

  function act(socket: PageSocket, request: Exclude<DraftRequest, { method: 'draftOpen' }>): void {
    const { connection } = socket
    switch (request.method) {
      case 'draftSend':
        send(socket, request.payload)
        break
      case 'draftClose':
        connection.close(request.payload.code, request.payload.reason)
        break
      case 'draftAbort':
        connection.abort()
        break
      case 'draftTook':
        connection.took(request.payload.size)
        break
      default:
        unreachable(request)
    }
  }

  return {
    answer: (request) => {
      if (request.method === 'draftOpen') return open(request.payload)
      const socket = sockets.get(request.payload.socket)
      // One that has just closed: the page will know in a moment.
      if (socket) act(socket, request)
      return done
    },
    abortAll: () => {
      const all = [...sockets.values()]
      sockets.clear()
      for (const { connection } of all) connection.abort()
    },
  }
}
