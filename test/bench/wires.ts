// Echo servers with clients of their own kind, over real sockets of the loopback, all in this process: ours and `ws`.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import type { ClientConnection } from '../../main/net/client.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { loadSubject } from './measure.ts'

const subject = await loadSubject()
const host = '127.0.0.1'

/** A server that sends every message back. */
export interface Wire {
  /** Settles when a new client's connection is open. `answered` is told the bytes of every message that comes back. */
  connect(answered: (size: number) => void): Promise<Line>
  /** Settles when all its sockets are closed. */
  close(): Promise<void>
}

/** The client's end of an open connection. */
export interface Line {
  /** Sends a text message of ASCII. */
  send(text: string): void
  /** Ends the connection without a closing handshake; settles when its socket is closed. */
  end(): Promise<void>
}

/** Ours in a dialect. With a capture, the server records every byte that crosses its sockets. */
export async function ourWire(dialect: Dialect, record?: Capture): Promise<Wire> {
  const server = await subject.hostService(subject.echo, { dialect: dialect.id, host, ...(record && { record }) })
  if (!server.ok) throw new Error(server.error)
  const { url, close } = server.value
  return { connect: (answered) => connectOurs(url, dialect, answered), close }
}

async function connectOurs(url: string, dialect: Dialect, answered: (size: number) => void): Promise<Line> {
  let connection: ClientConnection
  await new Promise<void>((opened, failed) => {
    const onEvent = (event: EndpointEvent) => {
      if (event.kind === 'open') opened()
      if (event.kind === 'message') answered(event.bytes.length)
      if (event.kind === 'fault' || event.kind === 'close') failed(event) // which says nothing any more once it was open
    }
    void subject.connectEndpoint({ url, dialect, onEvent }).then((connected) => {
      if (connected.ok) connection = connected.value
      else failed(new Error(connected.error))
    })
  })
  return {
    send: (text) => {
      const sent = connection.act({ kind: 'sendText', text })
      if (!sent.ok) throw new Error(sent.error)
    },
    end: () => {
      connection.act({ kind: 'end' })
      return connection.closed
    },
  }
}

/** `ws` at both ends, without compression, as ours. Its messages stay bytes, as those of ours. */
export async function wsWire(): Promise<Wire> {
  const server = new WebSocketServer({ host, port: 0, perMessageDeflate: false })
  server.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
    socket.on('error', () => {}) // a client that breaks off; what goes wrong before that, its client tells
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    connect: (answered) => connectWs(port, answered),
    close: () => new Promise((closed, failed) => server.close((error) => (error ? failed(error) : closed()))),
  }
}

async function connectWs(port: number, answered: (size: number) => void): Promise<Line> {
  const socket = new WebSocket(`ws://${host}:${port}/`, { perMessageDeflate: false })
  socket.on('message', (data: RawData) => answered((data as Buffer).length))
  await once(socket, 'open')
  return {
    send: (text) => socket.send(text),
    end: async () => {
      const closed = once(socket, 'close')
      socket.terminate() // what goes out is a FIN, as of ours
      await closed
    },
  }
}
