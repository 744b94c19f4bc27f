// The sockets of one page in a pane, as the window passes them on to the host: to one server in one dialect, under numbers
// that no other page has. What the page says of them is not believed unseen.
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { type DraftEvent, failedClose } from '../../shared/draft/transport.ts'
import { sizeOf } from '../../shared/draft/webSocketDraft.ts'
import type { Bridge, Payload, Push } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { DraftRequest } from '../../shared/ipc/schemas.ts'
import type { Turn, Turns } from './turns.ts'

/** How the socket is that the page made last. */
export interface PaneLink {
  readonly state: 'connecting' | 'open' | 'closed'
  /** Number of its connection in the run; 0 before it has one. */
  readonly connection: number
}

export interface SocketTerms {
  /** The only server the page may connect to, and how. */
  readonly url: string
  readonly dialect: DialectId
  readonly turns: Turns
  onLink(link: PaneLink): void
}

export interface PaneSockets {
  answer(request: DraftRequest): Promise<Result<unknown>>
  hear(push: Push): void
  /** The host cannot be reached, and has let go of them. */
  failAll(): void
  /** The page is gone. */
  leaveAll(): void
}

/** Sockets of one page at once. */
const mostSockets = 4
/** Numbers that a page has for its sockets, as long as it is there. */
const numbers = 1_000_000
/** Bytes on their way to the system on one socket before it is broken off. */
const mostUnsent = 64 * 1024 * 1024

/** Requests of one socket that the host has not answered before it is broken off: an empty message has no bytes. */
const mostAsked = 65_536

interface PaneSocket {
  /** Null while others connect. */
  turn: Turn | null
  link: PaneLink
  unsent: number
  /** Bytes of messages that the page has yet to deal with. */
  untaken: number
  /** Requests that the host has not answered. */
  asked: number
  /** It asked for too much, and is heard no more. */
  brokenOff: boolean
}

const done = success(null)
let pages = 0

/** @param tell what is told to the page of its socket of that number */
export function createPaneSockets(
  { request: ask }: Pick<Bridge, 'request'>,
  { url, dialect, turns, onLink }: SocketTerms,
  tell: (number: number, event: DraftEvent) => void,
): PaneSockets {
  const base = ++pages * numbers
  const sockets = new Map<number, PaneSocket>()
  let newest = -1

  function relink(number: number, socket: PaneSocket, change: Partial<PaneLink>): void {
    socket.link = { ...socket.link, ...change }
    if (number === newest) onLink(socket.link)
  }

  function pass(number: number, socket: PaneSocket, event: DraftEvent): void {
    if (event.kind === 'message') socket.untaken += sizeOf(event.data)
    if (event.kind === 'sent') socket.unsent -= event.size
    if (event.kind === 'close') sockets.delete(number)
    if (event.kind === 'open' || event.kind === 'close') {
      socket.turn?.pass()
      relink(number, socket, { state: event.kind === 'open' ? 'open' : 'closed' })
    }
    tell(number, event)
  }

  function objectionTo(wanted: Payload<'draftOpen'>): string | null {
    if (wanted.url !== url || wanted.dialect !== dialect) return `This page connects to ${url} in ${dialect} only.`
    if (wanted.socket >= numbers || sockets.has(wanted.socket)) return `There is no new socket ${wanted.socket}.`
    return sockets.size < mostSockets ? null : `A page in a pane has at most ${mostSockets} sockets at once: close one.`
  }

  async function open(wanted: Payload<'draftOpen'>): Promise<Result<unknown>> {
    const objection = objectionTo(wanted)
    if (objection !== null) return failure(objection)
    const number = wanted.socket
    const socket: PaneSocket = {
      turn: null,
      link: { state: 'connecting', connection: 0 },
      unsent: 0,
      untaken: 0,
      asked: 0,
      brokenOff: false,
    }
    sockets.set(number, socket)
    newest = number
    relink(number, socket, {})
    const turn = await turns()
    // Given up meanwhile, or its page is gone.
    if (sockets.get(number) !== socket) {
      turn.pass()
      return done
    }
    socket.turn = turn
    relink(number, socket, { connection: turn.connect() })
    return ask('draftOpen', { ...wanted, socket: base + number })
  }

  function breakOff(number: number, socket: PaneSocket): Promise<Result<unknown>> {
    socket.brokenOff = true
    return ask('draftAbort', { socket: base + number })
  }

  function send(number: number, socket: PaneSocket, data: string | Uint8Array): Promise<Result<unknown>> {
    const size = sizeOf(data)
    socket.unsent += size
    if (socket.unsent > mostUnsent) return breakOff(number, socket)
    return ask('draftSend', { socket: base + number, data, size })
  }

  function took(number: number, socket: PaneSocket, said: number): Promise<Result<unknown>> {
    const size = Math.min(said, socket.untaken)
    socket.untaken -= size
    return ask('draftTook', { socket: base + number, size })
  }

  function passOn(
    number: number,
    socket: PaneSocket,
    { method, payload }: Exclude<DraftRequest, { method: 'draftOpen' }>,
  ): Promise<Result<unknown>> {
    if (method === 'draftSend') return send(number, socket, payload.data)
    if (method === 'draftTook') return took(number, socket, payload.size)
    return ask(method, { ...payload, socket: base + number })
  }

  function leave(number: number, { turn, link }: PaneSocket): void {
    turn?.pass()
    // HTML standard, "make disappear": who is connected says good-bye with 1001, "going away".
    if (link.state === 'open') void ask('draftClose', { socket: base + number, code: 1001 })
    else if (turn) void ask('draftAbort', { socket: base + number })
  }

  return {
    answer: async (request) => {
      if (request.method === 'draftOpen') return open(request.payload)
      const number = request.payload.socket
      const socket = sockets.get(number)
      if (socket && !socket.turn && request.method === 'draftAbort') pass(number, socket, failedClose())
      if (!socket?.turn || socket.brokenOff) return done
      if (socket.asked === mostAsked) return breakOff(number, socket)
      socket.asked += 1
      const answer = await passOn(number, socket, request)
      socket.asked -= 1
      return answer
    },
    hear: (push) => {
      if (push.kind !== 'draft') return
      const number = push.socket - base
      const socket = sockets.get(number)
      if (socket) pass(number, socket, push.event)
    },
    failAll: () => {
      for (const [number, socket] of sockets) pass(number, socket, failedClose())
    },
    leaveAll: () => {
      for (const [number, socket] of sockets) leave(number, socket)
      sockets.clear()
    },
  }
}
