// Foreign software reads what we record. Only Wireshark's own command line can say so; where it is not installed the
// tests say that and are skipped.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { toHex } from '../../../shared/bytes/hex.ts'
import { lanes } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { LogEntry } from '../../../shared/capture/record.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { conversations } from './logs.ts'
import { topologyOf } from './topology.ts'

const installed = spawnSync('tshark', ['--version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'wirestep-tshark-'))

beforeAll(() => {
  for (const host of hosts) writeFileSync(pathOf(host), recording(host))
})
afterAll(() => rmSync(folder, { recursive: true }))

const hosts = ['127.0.0.1', '::1'] as const
const pathOf = (host: string): string => join(folder, `${host.replaceAll(':', '_')}.pcapng`)

/**
 * One conversation of each dialect, with all that rides on comments. The heads pass as they come; the frames are delivered
 * in pieces other than they were sent in.
 */
function recording(host: string): Uint8Array {
  const store = createMemoryStore()
  const capture = createCapture(store)
  let time = 1_669_144_503_000
  const append = (entry: LogEntry) => capture.append({ ...entry, time: time++ })
  dialectIds.forEach((dialect, connection) => {
    const at = { time, connection }
    append({ ...at, kind: 'open', topology: topologyOf(connection, host), dialect, url: 'ws://127.0.0.1:4502/demo' })
    append({ ...at, kind: 'action', end: 'client', action: { kind: 'open' } })
    for (const part of ['head', 'frames'] as const) {
      for (const lane of lanes) {
        const all = partOf(conversations[dialect][lane], part)
        if (part === 'head') {
          for (const bytes of pieces(all, 50)) append({ ...at, kind: 'passed', lane, bytes })
          continue
        }
        for (const bytes of pieces(all, 70)) append({ ...at, kind: 'sent', lane, bytes })
        append({ ...at, kind: 'note', text: 'two notes in a row are' })
        append({ ...at, kind: 'note', text: 'no duplicate acknowledgements' })
        for (const bytes of pieces(all, 33)) append({ ...at, kind: 'delivered', lane, bytes })
      }
    }
    append({ ...at, kind: 'action', end: 'client', action: { kind: 'sendBinary', bytes: new Uint8Array(60_000) } })
    const big = new Uint8Array(100_000).fill(0x2a)
    append({ ...at, kind: 'sent', lane: 'serverToClient', bytes: big })
    append({
      ...at,
      kind: 'edit',
      lane: 'serverToClient',
      at: sizeOf(dialect),
      remove: 5,
      insert: big.slice(0, 1),
      label: 'edited',
    })
    for (const lane of lanes) append({ ...at, kind: 'sentEnd', lane, how: 'fin' })
    append({ ...at, kind: 'deliveredEnd', lane: 'clientToServer', how: 'fin' })
    append({ ...at, kind: 'deliveredEnd', lane: 'serverToClient', how: 'reset' })
  })
  return store.read(0, store.size)
}

const sizeOf = (dialect: keyof typeof conversations): number => conversations[dialect].serverToClient.length

function partOf(bytes: Uint8Array, part: 'head' | 'frames'): Uint8Array {
  const end = Buffer.from(bytes).indexOf('\r\n\r\n') + 4
  return part === 'head' ? bytes.slice(0, end) : bytes.slice(end)
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  )
}

function tshark(context: TestContext, host: string, ...args: readonly string[]): string[] {
  if (!installed) context.skip('tshark is not installed, so nothing can be said about how Wireshark reads recordings')
  const out = execFileSync('tshark', ['-r', pathOf(host), '-o', 'ip.check_checksum:TRUE', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return out.split('\n').filter((line) => line !== '')
}

/** The bytes of one direction of a TCP stream as Wireshark puts them together again. */
function followed(context: TestContext, host: string, stream: number, node: 'first' | 'second'): string {
  const lines = tshark(context, host, '-q', '-z', `follow,tcp,raw,${stream}`)
  const hex = lines.slice(lines.findIndex((line) => line.startsWith('Node 1')) + 1, -1)
  return hex
    .filter((line) => line.startsWith('\t') === (node === 'second'))
    .join('')
    .replaceAll('\t', '')
}

describe.each(hosts)('Wireshark reads a recording between sockets of %s', (host) => {
  it('with no packet malformed, no checksum of IP wrong, and nothing missing or repeated', (context) => {
    const filter = [
      '_ws.malformed',
      'ip.checksum.status == 0',
      'tcp.analysis.lost_segment',
      'tcp.analysis.ack_lost_segment',
      'tcp.analysis.retransmission',
      'tcp.analysis.out_of_order',
      'tcp.analysis.duplicate_ack',
      'tcp.analysis.window_full',
      'tcp.analysis.zero_window',
      'tcp.analysis.keep_alive',
    ].join(' || ')
    expect(tshark(context, host, '-Y', filter)).toEqual([])
  })

  it('with the sum of the pseudo header as the checksum of TCP, as captures of the loopback have it', (context) => {
    const fields = ['tcp.hdr_len', 'tcp.len', 'tcp.checksum'].flatMap((field) => ['-e', field])
    const packets = tshark(context, host, '-Y', 'tcp', '-T', 'fields', ...fields).map((line) => line.split('\t'))
    expect(packets.length).toBeGreaterThan(dialectIds.length)
    // RFC 9293 §3.1: both addresses, the protocol and the length.
    const addresses = host === '::1' ? 0x0001 * 2 : (0x7f00 + 0x0001) * 2
    for (const [header, payload, checksum] of packets) {
      const sum = addresses + 6 + Number(header) + Number(payload)
      expect(Number(checksum)).toBe((sum & 0xffff) + (sum >>> 16))
    }
  })

  it('as one TCP connection for each of ours, which is what was delivered', (context) => {
    const streams = tshark(context, host, '-Y', 'tcp', '-T', 'fields', '-e', 'tcp.stream', '-e', 'frame.interface_name')
    expect([...new Set(streams)]).toEqual(dialectIds.map((_, connection) => `${connection}\tas delivered`))
  })

  it('and finds in the streams the bytes that were delivered', (context) => {
    dialectIds.forEach((dialect, connection) => {
      const toServer = toHex(conversations[dialect].clientToServer).replaceAll(' ', '')
      const toClient = toHex(conversations[dialect].serverToClient).replaceAll(' ', '')
      expect(followed(context, host, connection, 'first')).toBe(toServer)
      expect(followed(context, host, connection, 'second')).toBe(toClient)
    })
  })

  it('and beside them what was sent, in packets of protocol 253', (context) => {
    const field = host === '::1' ? 'ipv6.nxt' : 'ip.proto'
    const lines = tshark(context, host, '-Y', `${field} == 253`, '-T', 'fields', '-e', 'frame.interface_name')
    expect(lines.length).toBeGreaterThan(dialectIds.length)
    expect(new Set(lines)).toEqual(new Set(['as sent']))
  })

  it('and dissects the WebSocket frames of RFC 6455 once, by itself', (context) => {
    const fields = ['-e', 'tcp.stream', '-e', 'tcp.dstport', '-e', 'websocket.opcode']
    const lines = tshark(context, host, '-Y', 'websocket', '-T', 'fields', ...fields).map((line) => line.split('\t'))
    const opcodes = (stream: number, port: number) =>
      lines
        .filter((line) => line[0] === String(stream) && line[1] === String(port))
        .flatMap((line) => line[2]!.split(','))
        .join(' ')
    const connection = dialectIds.indexOf('rfc6455')
    const { client, server } = topologyOf(connection)
    expect(opcodes(connection, server.port)).toBe('1 1 9 0 8')
    expect(opcodes(connection, client.port)).toBe('1 2 10 0 8')
  })

  it('and shows what was done as comments, in words', (context) => {
    const comments = tshark(context, host, '-T', 'fields', '-e', 'frame.comment').join('\n')
    expect(comments).toContain('client: open the connection')
    expect(comments).toContain('note: two notes in a row are')
    expect(comments).toContain('client: send 60000 bytes (part 2 of 2)')
  })
})
