// What listeners, dialers and gates need of Node's sockets.
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { dialProblem, listenProblem } from './sentences.ts'

/** Listens; answers the address with the port it got, or a sentence. Connections lost later go to `onProblem`. */
export function listen(server: Server, at: Address, onProblem: (sentence: string) => void): Promise<Result<Address>> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve(failure(listenProblem(error, at)))
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      const { address: host, port } = server.address() as AddressInfo
      server.off('error', fail)
      server.on('error', (error) => onProblem(`A connection to ${formatAddress(at)} was lost: ${error.message}.`))
      resolve(success({ host, port }))
    })
  })
}

/** Dials; answers a connected socket that nothing was read from yet, or a sentence. It is in `sockets` while open. */
export function dial(address: Address, sockets: Set<Socket>): Promise<Result<Socket>> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, allowHalfOpen: true, noDelay: true })
    keep(sockets, socket)
    const fail = (error?: Error) => resolve(failure(dialProblem(error ?? new Error('it was given up'), address)))
    const giveUp = () => fail()
    socket.once('error', fail)
    socket.once('close', giveUp)
    socket.once('connect', () => {
      socket.off('error', fail)
      socket.off('close', giveUp)
      resolve(success(socket))
    })
  })
}

/** Stops accepting, resets what is still open, and settles when all is closed. */
export async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const open = [...sockets]
  const gone = Promise.all(open.map(whenClosed))
  for (const socket of open) resetSocket(socket)
  await gone
  await closed
}

/** The TCP connections under sockets that speak TLS. */
const carriers = new WeakMap<Socket, Socket>()

/** Notes that `secure` speaks TLS over `raw`: its reset is that of the connection below. */
export function carry(raw: Socket, secure: Socket): void {
  carriers.set(secure, raw)
  // As in `keep`: whoever comes to listen sees from `destroyed` that the peer is gone.
  secure.on('error', () => {})
}

/** Resets a connection at once. One whose end was sent already is only closed: a reset cannot follow. */
export function resetSocket(secureOrNot: Socket): void {
  const socket = carriers.get(secureOrNot) ?? secureOrNot
  if (socket.destroyed) return
  // Node leaves a socket open for ever that is reset while its FIN is on the way, or while it still dials.
  if (socket.writableEnded || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}

/** Keeps a socket in the set for as long as it is open. */
export function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  // Before anybody listens an error only means that the peer is gone, which whoever comes to listen sees from
  // `destroyed`; unheard it would end the process.
  socket.on('error', () => {})
  socket.once('close', () => sockets.delete(socket))
}

export function whenClosed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** A socket that lost its peer before it was asked has no addresses any more: then 0.0.0.0:0. */
export function remoteOf(socket: Socket): Address {
  return { host: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 }
}

export function localOf(socket: Socket): Address {
  return { host: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 }
}

/** Settles when one of the sockets has more to read, or never will have. */
export function moreOf(...sockets: readonly Socket[]): Promise<void> {
  const signs = ['readable', 'end', 'close']
  return new Promise((resolve) => {
    const seen = () => {
      for (const socket of sockets) for (const sign of signs) socket.off(sign, seen)
      resolve()
    }
    for (const socket of sockets) for (const sign of signs) socket.on(sign, seen)
  })
}
