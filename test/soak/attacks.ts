// Clients that mean ill, on plain sockets: one that floods and does not read, ones that never finish asking, ones whose
// messages are too long. Each goes on until it is told to stop, and says what became of it.
import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import type { Address } from '../../shared/capture/record.ts'

export interface AttackReport {
  /** Connections that the attack made, and those that the server ended. */
  readonly made: number
  readonly ended: number
  /** Bytes it got rid of. */
  readonly bytes: number
}

export interface Attack {
  /** Settles once the server has ended a connection of it, or, where it is to be borne, does not take any more from it. */
  readonly met: Promise<void>
  stop(): AttackReport
}

const request = (extensions = '') =>
  `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n${extensions}\r\n`

/** Keeps `count` connections going: `begin` is told of each, and one that the server ends is made again. */
function keepUp(address: Address, count: number, begin: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const counts = { made: 0, ended: 0, bytes: 0 }
  let stopped = false
  let meet = () => {}
  const met = new Promise<void>((resolve) => {
    meet = resolve
  })
  function make(): void {
    const socket = connect({ ...address, noDelay: true })
    counts.made += 1
    sockets.add(socket.on('error', () => {}))
    socket.once('connect', () => begin(socket))
    socket.once('close', () => {
      sockets.delete(socket)
      counts.bytes += socket.bytesWritten
      if (stopped) return
      counts.ended += 1
      meet()
      setTimeout(() => stopped || make(), 50) // not as fast as it can: this is about what it holds, not about dialling
    })
  }
  for (let i = 0; i < count; i++) make()
  return {
    met,
    meet,
    stop(): AttackReport {
      stopped = true
      const bytes = [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, counts.bytes)
      for (const socket of sockets) socket.destroy()
      return { ...counts, bytes }
    },
  }
}

/** Sends as fast as it can and reads nothing: the server has to stop reading from it. */
export function flood(address: Address): Attack {
  const frame = Buffer.concat([Buffer.from('82fe400000000000', 'hex'), Buffer.alloc(0x4000)])
  const attack = keepUp(address, 4, (socket) => {
    socket.pause()
    socket.write(request())
    const pour = () => {
      while (!socket.destroyed && socket.write(frame));
      attack.meet()
    }
    socket.on('drain', pour)
    pour()
  })
  return attack
}

/** Asks byte by byte and never to the end: the server has to give up on each. */
export function slowHandshakes(address: Address, count: number): Attack {
  return keepUp(address, count, (socket) => {
    let at = 0
    const timer = setInterval(() => socket.write(request().charAt(at++)), 100)
    socket.once('close', () => clearInterval(timer))
    socket.resume()
  })
}

/** Announces 2^40 bytes, or sends a few that inflate to far more than a message may have. */
export function oversized(address: Address): Attack {
  const announced = Buffer.from('82ff0000010000000000 00000000'.replace(' ', ''), 'hex')
  const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024))
  const head = Buffer.alloc(14)
  head.writeUInt16BE(0xc2ff)
  head.writeUInt32BE(bomb.length, 6)
  let turn = 0
  return keepUp(address, 4, (socket) => {
    const isBomb = turn++ % 2 === 0
    socket.write(request(isBomb ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''))
    socket.once('data', () => socket.write(isBomb ? Buffer.concat([head, bomb]) : announced))
    socket.resume()
  })
}
