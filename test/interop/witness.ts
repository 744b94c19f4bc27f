// Somebody who is not ours, stands in the way of a connection and tallies what passes.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export interface Sum {
  /** Bytes. */
  readonly size: number
  /** SHA-256, as hex. */
  readonly digest: string
}

export interface Witness {
  readonly port: number
  sums(): { readonly client: Sum; readonly server: Sum }
  close(): void
}

/** What passed one way: how much, and its digest. */
export function createTally() {
  const hash = createHash('sha256')
  let size = 0
  return {
    add: (bytes: Uint8Array) => {
      size += bytes.length
      hash.update(bytes)
    },
    sum: (): Sum => ({ size, digest: hash.copy().digest('hex') }),
  }
}

/** Stands before a plain server at `port`. With `tls` it speaks TLS to its clients, and tallies what that says in plain. */
export async function witnessBefore(port: number, tls?: TlsOptions): Promise<Witness> {
  const client = createTally()
  const server = createTally()
  const join = (from: Socket, to: Socket) => from.on('error', () => to.destroy()).pipe(to)
  const take = (accepted: Socket) => {
    const upstream = connect({ port, host: '127.0.0.1' })
    accepted.on('data', client.add)
    upstream.on('data', server.add)
    join(accepted, upstream)
    join(upstream, accepted)
  }
  const listener = tls ? createTlsServer(tls, take) : createServer(take)
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    sums: () => ({ client: client.sum(), server: server.sum() }),
    close: () => listener.close(),
  }
}
