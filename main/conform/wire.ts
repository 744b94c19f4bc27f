// A test's end of a connection: bytes out as they are wanted, what the peer sends read and taken down, and waiting with
// an end to it.
import type { Socket } from 'node:net'
import { type Lane, laneFrom, laneTo, type Role } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { StreamEnd } from '../../shared/capture/record.ts'
import { createReader, type PeerItem } from '../../shared/conform/reader.ts'
import { systemClock } from '../net/clock.ts'
import { localOf, remoteOf } from '../net/sockets.ts'

export interface Wire {
  /** How the peer ended its half of the stream; null while it has not. */
  readonly ended: StreamEnd | null
  /** Writes, `chop` bytes at a time if that is given, each piece a segment of its own as far as the system lets it. */
  send(bytes: Uint8Array, chop?: number): Promise<void>
  /** Settles when `ready` holds, the peer has ended or the milliseconds are over; answers whether they are. */
  wait(ready: () => boolean, milliseconds: number): Promise<boolean>
  /** Ends our half of the stream. */
  end(): void
}

const connection = 1

/** Takes a connected socket that nothing was read from yet. `take` is told of everything that comes, one after the other. */
export function openWire(
  socket: Socket,
  peer: Role,
  capture: Capture,
  take: (item: PeerItem) => void | Promise<void>,
): Wire {
  const reader = createReader()
  const log = createLog(socket, peer, capture)
  let ended: StreamEnd | null = null
  let wake = () => {}
  const finish = (how: StreamEnd) => {
    if (ended !== null) return
    ended = how
    log.end(laneFrom(peer), how)
    wake()
  }
  // Inflating takes its time; the end is not heard of before what came before it.
  let inOrder = Promise.resolve()
  const next = (work: () => void | Promise<void>) => {
    inOrder = inOrder.then(work)
  }
  socket.on('data', (bytes) => {
    log.bytes(laneFrom(peer), bytes)
    for (const item of reader.take(bytes)) next(() => take(item))
    next(() => wake())
  })
  socket.on('end', () => next(() => finish('fin')))
  socket.on('error', () => next(() => finish('reset')))
  socket.on('close', () => next(() => finish('reset')))

  function write(bytes: Uint8Array): void {
    if (ended !== null || !socket.writable) return
    log.bytes(laneTo(peer), bytes)
    socket.write(bytes)
  }

  return {
    get ended() {
      return ended
    },
    async send(bytes, chop = bytes.length) {
      for (let at = 0; at < bytes.length && ended === null; at += chop) {
        write(bytes.subarray(at, at + chop))
        if (chop < bytes.length) await new Promise(setImmediate)
      }
    },
    wait(ready, milliseconds) {
      if (ready() || ended !== null) return Promise.resolve(false)
      return new Promise((resolve) => {
        const settle = (late: boolean) => {
          clearTimeout(timer)
          wake = () => {}
          resolve(late)
        }
        const timer = setTimeout(settle, Math.max(0, milliseconds), true)
        wake = () => {
          if (ready() || ended !== null) settle(false)
        }
      })
    },
    end() {
      if (socket.writableEnded) return
      log.end(laneTo(peer), 'fin')
      socket.end()
    },
  }
}

/** There is no gate: what is sent is delivered at once. */
function createLog(socket: Socket, peer: Role, capture: Capture) {
  const stamp = () => ({ time: systemClock.now(), connection })
  const [client, server] = peer === 'server' ? [localOf(socket), remoteOf(socket)] : [remoteOf(socket), localOf(socket)]
  const topology = { client, gateForClient: server, gateForServer: client, server }
  capture.append({ kind: 'open', ...stamp(), topology, dialect: 'rfc6455' })
  return {
    bytes(lane: Lane, bytes: Uint8Array) {
      capture.append({ kind: 'sent', ...stamp(), lane, bytes })
      capture.append({ kind: 'delivered', ...stamp(), lane, bytes })
    },
    end(lane: Lane, how: StreamEnd) {
      capture.append({ kind: 'sentEnd', ...stamp(), lane, how })
      capture.append({ kind: 'deliveredEnd', ...stamp(), lane, how })
    },
  }
}
