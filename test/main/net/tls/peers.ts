// Other people's TLS: servers with certificates of an authority of the test's own, and clients.
import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect, createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'
import { type Authority, openAuthority } from '../../../../main/net/tls/authority.ts'
import { type Certified, makeAuthority, makeLeaf } from '../../../../main/net/tls/certificates.ts'
import type { Address } from '../../../../shared/capture/record.ts'
import { temporaryFolder } from '../../lab/labs.ts'
import { quiet } from '../sockets.ts'

/** The authority that the servers of these tests are certified by. */
export const theirs: Certified = await makeAuthority(Date.now())

/** The authority of a user who has none yet. */
export async function ownAuthority(folder = temporaryFolder()): Promise<Authority> {
  const opened = await openAuthority(folder)
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

export interface Peer {
  readonly server: Server
  readonly address: Address
}

/** A server on 127.0.0.1 with a certificate for `name`. Closed after the test. */
export async function tlsServer(
  name: string,
  onSocket: (socket: TLSSocket) => void,
  options: TlsOptions & { readonly made?: number } = {},
): Promise<Peer> {
  const { certificate, key } = await makeLeaf(theirs, name, options.made ?? Date.now())
  const raw = new Set<Socket>()
  const server = createServer({ cert: certificate, key, allowHalfOpen: true, ...options }, (socket) => {
    quiet(socket)
    onSocket(socket)
  })
  server.on('connection', (socket: Socket) => raw.add(quiet(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of raw) socket.destroy()
  })
  return { server, address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } }
}

/** A TLS client over a TCP connection to `address`. The handshake may not be done yet. */
export function tlsClient(
  address: Address,
  options: ConnectionOptions,
): { readonly raw: Socket; readonly socket: TLSSocket } {
  const raw = quiet(connectTcp({ ...address, allowHalfOpen: true }))
  const socket = connect({ socket: raw, ...options })
  quiet(socket)
  onTestFinished(() => void raw.destroy())
  return { raw, socket }
}
