// An end of a connection in the hands of a script: bytes out as they are wanted, what the peer sends taken down, and
// waiting with an end to it.
import type { Socket } from 'node:net'
import { type Lane, laneFrom, laneTo, type Role } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { RecordOf, StreamEnd } from '../../shared/capture/record.ts'
import { systemClock } from './clock.ts'
import { localOf, remoteOf, resetSocket } from './sockets.ts'

export interface WireOptions {
  /** Connected, and nothing was read from it yet. */
  readonly socket: Socket
  readonly peer: Role
  /** Where all that passes is written down, as connection 1. */
  readonly capture: Capture
  /** What is known of the connection beforehand. */
  readonly opened: Pick<RecordOf<'open'>, 'dialect' | 'url'>
  /** Told of everything that comes, one after the other, once it is written down. */
  heard?(bytes: Uint8Array): void | Promise<void>
}

export interface Wire {
  /** How the peer ended its half of the stream; null while it has not. */
  readonly ended: StreamEnd | null
  /** Whether the peer does not take what was sent as fast as it is sent: then `wait` until it does. */
  readonly isFull: boolean
  /** Writes, `chop` bytes at a time if that is given, each piece a segment of its own as far as the system lets it. */
  send(bytes: Uint8Array, chop?: number): Promise<void>
  /** Settles when `ready` holds, the peer has ended or the milliseconds are over; answers whether they are. */
  wait(ready: () => boolean, milliseconds: number): Promise<boolean>
  /** Ends our half of the stream; a reset breaks both off. */
  end(how?: StreamEnd): void
}

const connection = 1

export function openWire({ socket, peer, capture, opened, heard }: WireOptions): Wire {
  const log = createLog(socket, peer, capture, opened)
  let ended: StreamEnd | null = null
  let wake = () => {}
  const finish = (how: StreamEnd) => {
    if (ended !== null) return
    ended = how
    log.end(laneFrom(peer), how)
    wake()
  }
  // What is heard may take its time; the end is not heard of before what came before it.
  let inOrder = Promise.resolve()
  const next = (work: () => void | Promise<void>) => {
    inOrder = inOrder.then(work)
  }
  socket.on('data', (bytes) => {
    log.bytes(laneFrom(peer), bytes)
    if (heard) next(() => heard(bytes))
    next(() => wake())
  })
  socket.on('end', () => next(() => finish('fin')))
  socket.on('error', () => next(() => finish('reset')))
  socket.on('close', () => next(() => finish('reset')))
  socket.on('drain', () => wake())

  function write(bytes: Uint8Array): void {
    if (ended === 'reset' || !socket.writable) return
    log.bytes(laneTo(peer), bytes)
    socket.write(bytes)
  }

  return {
    get ended() {
      return ended
    },
    get isFull() {
      return socket.writableNeedDrain
    },
    async send(bytes, chop = bytes.length) {
      for (let at = 0; at < bytes.length; at += chop) {
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
    end(how = 'fin') {
      if (socket.writableEnded || socket.destroyed) return
      log.end(laneTo(peer), how)
      if (how === 'fin') socket.end()
      else resetSocket(socket)
    },
  }
}

/** There is no gate: what is sent is delivered at once. */
function createLog(socket: Socket, peer: Role, capture: Capture, opened: WireOptions['opened']) {
  const stamp = () => ({ time: systemClock.now(), connection })
  const [client, server] = peer === 'server' ? [localOf(socket), remoteOf(socket)] : [remoteOf(socket), localOf(socket)]
  const topology = { client, gateForClient: server, gateForServer: client, server }
  capture.append({ kind: 'open', ...stamp(), topology, ...opened })
  return {
    bytes(lane: Lane, bytes: Uint8Array) {
      capture.append({ kind: 'passed', ...stamp(), lane, bytes })
    },
    end(lane: Lane, how: StreamEnd) {
      capture.append({ kind: 'sentEnd', ...stamp(), lane, how })
      capture.append({ kind: 'deliveredEnd', ...stamp(), lane, how })
    },
  }
}
