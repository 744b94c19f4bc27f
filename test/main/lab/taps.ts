// Taps for tests: real sockets on both sides, a server and clients that do what they are told.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Run, TapRunOptions, Workspace } from '../../../main/lab/types.ts'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { type Peer, peerOn, until } from '../net/sockets.ts'
import { must, openWorkspace } from './labs.ts'

export const request = encodeLatin1(
  [
    'GET /chat HTTP/1.1',
    'Host: server.example.com',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n'),
)

export const response = encodeLatin1(
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    '\r\n',
  ].join('\r\n'),
)

const dialect = dialectById('rfc6455')

export function textFrame(from: 'client' | 'server', text: string): Uint8Array {
  const mask = from === 'client' ? { mask: Uint8Array.of(1, 2, 3, 4) } : {}
  return encodeFrame({ dialect, opcode: 'text', final: true, payload: encodeUtf8(text), ...mask })
}

export interface Tapping {
  readonly workspace: Workspace
  readonly run: Run
  /** Dials the tap. */
  dial(): Peer
  /** Settles when the run's picture `holds`. */
  sees(holds: (view: RunView) => boolean): Promise<RunView>
}

export async function tapTo(options: Partial<TapRunOptions>): Promise<Tapping> {
  const workspace = openWorkspace()
  const listen = { host: '127.0.0.1', port: 0 }
  const run = must(await workspace.openTap({ listen, dialect: 'auto', mode: 'running', ...options }))
  const { port } = run.view().tap!.listening!
  const sees = async (holds: (view: RunView) => boolean) => {
    await until(() => holds(run.view()))
    return run.view()
  }
  const dial = () => peerOn(connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true }))
  return { workspace, run, dial, sees }
}

export interface JoinedTapping extends Tapping {
  /** Dials the tap; answers both sides once the server has accepted. */
  join(): Promise<{ readonly client: Peer; readonly server: Peer }>
}

/** A tap for a server that accepts, and says nothing by itself. */
export async function openTap(options: Partial<TapRunOptions> = {}): Promise<JoinedTapping> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const tapping = await tapTo({ upstream: `ws://127.0.0.1:${port}/`, ...options })
  const join = async () => {
    const accepted = once(server, 'connection') as Promise<[Socket]>
    const client = tapping.dial()
    const [socket] = await accepted
    return { client, server: peerOn(socket) }
  }
  return { ...tapping, join }
}

/** Lets the handshake of a connection through a tap that runs. */
export async function shakeHands({ client, server }: { readonly client: Peer; readonly server: Peer }): Promise<void> {
  client.socket.write(request)
  await server.gets(request.length)
  server.socket.write(response)
  await client.gets(response.length)
}
