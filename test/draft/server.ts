// A WebSocket server that does as the URL tells it, also what no server should. It shares no code with the product.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Order } from './orders.ts'

export interface ObedientServer {
  /** `ws://127.0.0.1:port/`. */
  readonly url: string
  close(): Promise<void>
}

export async function startServer(): Promise<ObedientServer> {
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket) => void obey(request, socket as Socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => stop(server, sockets),
  }
}

function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly deflated: boolean
  readonly payload: Buffer
}

interface Peer {
  readonly socket: Socket
  readonly frames: Frame[]
  /** As answered. */
  extensions: string
  echoes: boolean
  mute: boolean
  closed: boolean
}

async function obey(request: IncomingMessage, socket: Socket): Promise<void> {
  const orders = JSON.parse(new URL(request.url!, 'http://x').searchParams.get('do') ?? '[]') as Order[]
  const peer: Peer = { socket, frames: [], extensions: '', echoes: false, mute: false, closed: false }
  readFrames(peer)
  if (!['head', 'raw', 'drop', 'reset', 'stall'].includes(orders[0]?.[0] ?? '')) socket.write(head(request, {}))
  for (const order of orders) await carryOut(order, peer, request)
}

async function carryOut(order: Order, peer: Peer, request: IncomingMessage): Promise<void> {
  const { socket } = peer
  switch (order[0]) {
    case 'head':
      peer.extensions = order[1]['Sec-WebSocket-Extensions'] ?? ''
      socket.write(head(request, order[1]))
      break
    case 'raw':
      socket.write(Buffer.from(order[1], 'latin1'))
      break
    case 'hex':
      socket.write(Buffer.from(order[1], 'hex'))
      break
    case 'text':
      socket.write(frame(1, Buffer.from(order[1])))
      break
    case 'binary':
      socket.write(frame(2, Buffer.from(order[1])))
      break
    case 'large':
      socket.write(frame(order[1], Buffer.alloc(order[2], 'x')))
      break
    case 'deflated':
      socket.write(deflated(order[1], Buffer.alloc(order[2], 'x')))
      break
    case 'deflatedHex':
      socket.write(deflated(1, Buffer.from(order[1], 'hex')))
      break
    case 'close':
      sendClose(peer, order[1], order[2])
      break
    case 'drop':
      socket.end()
      break
    case 'reset':
      socket.resetAndDestroy()
      break
    case 'stall':
      socket.pause()
      break
    case 'echo':
      peer.echoes = true
      break
    case 'mute':
      peer.mute = true
      break
    case 'await':
      await waitFor(peer, order[1])
      break
    case 'report':
      socket.write(frame(1, Buffer.from(JSON.stringify(readable(peer).map(told)))))
      break
    case 'offered':
      socket.write(frame(1, Buffer.from(request.headers['sec-websocket-extensions'] ?? '')))
      break
  }
}

function head(request: IncomingMessage, changes: Readonly<Record<string, string | null>>): string {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const { status = '101 Switching Protocols', ...fields } = {
    ...{ Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': accept },
    ...changes,
  } as Record<string, string | null>
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n')
}

function frame(opcode: number, payload: Buffer, final = true, reserved = 0): Buffer {
  const { length } = payload
  const short = Buffer.from([
    (final ? 0x80 : 0) | reserved | opcode,
    length < 126 ? length : length < 65_536 ? 126 : 127,
  ])
  const long = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8)
  if (long.length === 2) long.writeUInt16BE(length)
  if (long.length === 8) long.writeBigUInt64BE(BigInt(length))
  return Buffer.concat([short, long, payload])
}

const rsv1 = 0x40
/** RFC 7692 §7.2.1: what a sender leaves out. */
const tail = Buffer.from([0, 0, 255, 255])

function deflated(opcode: number, payload: Buffer): Buffer {
  const bytes = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH })
  return frame(opcode, bytes.subarray(0, -tail.length), true, rsv1)
}

/** The frames as they are once inflated: with the window of those before, and no larger one, unless the answer forbids it. */
function readable({ frames, extensions }: Peer): Frame[] {
  const windowBits = Number(/client_max_window_bits=(\d+)/.exec(extensions)?.[1] ?? 15)
  const forgets = extensions.includes('client_no_context_takeover')
  let before: Buffer = Buffer.alloc(0)
  return frames.map((taken) => {
    if (!taken.deflated) return taken
    const window = before.length > 0 && !forgets ? { dictionary: before.subarray(-(2 ** windowBits)) } : {}
    const options = { windowBits, finishFlush: constants.Z_SYNC_FLUSH, ...window }
    const payload = inflateRawSync(Buffer.concat([taken.payload, tail]), options)
    before = Buffer.concat([before, payload])
    return { ...taken, payload }
  })
}

function sendClose(peer: Peer, code?: number, reason = ''): void {
  peer.closed = true
  const body = code === undefined ? [] : [code >> 8, code & 255, ...Buffer.from(reason)]
  peer.socket.write(frame(8, Buffer.from(body)))
  if (peer.frames.some(({ opcode }) => opcode === 8)) peer.socket.end()
}

/** `t:hello`, `b:00ff`, `9:70696e67`, `z:t:hello`: type and payload, and whether it was deflated. */
function told({ opcode, final, deflated, payload }: Frame): string {
  const kind = `${deflated ? 'z:' : ''}${{ 1: 't', 2: 'b' }[opcode] ?? opcode.toString(16)}${final ? '' : '…'}`
  return `${kind}:${opcode === 1 ? payload.toString() : payload.toString('hex')}`
}

async function waitFor(peer: Peer, count: number): Promise<void> {
  while (peer.frames.length < count && !peer.socket.destroyed) await once(peer.socket, 'frame')
}

function readFrames(peer: Peer): void {
  let bytes: Buffer = Buffer.alloc(0)
  peer.socket.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more])
    for (let read = readFrame(bytes); read; read = readFrame(bytes)) {
      bytes = bytes.subarray(read.length)
      takeFrame(peer, read.frame)
    }
  })
  peer.socket.on('end', () => peer.socket.end())
  peer.socket.once('close', () => peer.socket.emit('frame'))
}

function readFrame(bytes: Buffer): { readonly frame: Frame; readonly length: number } | null {
  if (bytes.length < 2) return null
  const short = bytes[1]! & 127
  const at = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < at + 4) return null
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const end = at + 4 + size
  if (bytes.length < end) return null
  const mask = bytes.subarray(at, at + 4)
  const payload = Buffer.from(bytes.subarray(at + 4, end).map((byte, index) => byte ^ mask[index & 3]!))
  const [first] = bytes
  const frame = { opcode: first! & 15, final: first! >= 0x80, deflated: (first! & rsv1) !== 0, payload }
  return { frame, length: end }
}

function takeFrame(peer: Peer, taken: Frame): void {
  peer.frames.push(taken)
  if (taken.opcode < 3 && peer.echoes)
    peer.socket.write(frame(taken.opcode, taken.payload, taken.final, taken.deflated ? rsv1 : 0))
  if (taken.opcode === 8 && !peer.mute) {
    if (!peer.closed) peer.socket.write(frame(8, taken.payload))
    peer.socket.end()
  }
  peer.socket.emit('frame')
}
