// Recorded sessions made byte by byte, as no end of ours would make them.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileStore } from '../../../main/store/fileStore.ts'
import { laneFrom, type Role } from '../../../shared/bytes/lanes.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import type { StreamEnd } from '../../../shared/capture/record.ts'
import { topologyOf } from '../../shared/capture/topology.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-sessions-'))
let files = 0

/** The path of a file that is not there yet. */
export function newFile(): string {
  return join(folder, `${++files}.pcapng`)
}

/** The example of RFC 6455 §1.3: a key and its proof. */
const head = (line: string, ...fields: readonly string[]) =>
  [line, 'Upgrade: websocket', 'Connection: Upgrade', ...fields, '', ''].join('\r\n')

export const request = (...fields: readonly string[]) =>
  head(
    'GET /chat HTTP/1.1',
    'Host: example.com',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...fields,
  )

export const response = (...fields: readonly string[]) =>
  head('HTTP/1.1 101 Switching Protocols', 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', ...fields)

/** Who does what, and how many milliseconds after the one before. Bytes as hex; text that is none as Latin-1. */
export type Said = readonly [who: Role, what: string | StreamEnd, after?: number]

/** Writes a connection of RFC 6455 down as said; answers the file. */
export function recordSession(...connections: readonly (readonly Said[])[]): string {
  const path = newFile()
  const store = createFileStore(path, {
    onTrouble(sentence) {
      throw new Error(sentence)
    },
  })
  if (!store.ok) throw new Error(store.error)
  const capture = createCapture(store.value)
  for (const [index, steps] of connections.entries()) writeConnection(capture, index + 1, steps)
  store.value.close()
  return path
}

/** Writes one connection into a capture, as said. */
export function writeConnection(capture: Capture, connection: number, steps: readonly Said[]): void {
  let time = 1_000_000
  capture.append({ kind: 'open', time, connection, topology: topologyOf(connection), dialect: 'rfc6455' })
  for (const [who, what, after = 1] of steps) {
    time += after
    const at = { time, connection, lane: laneFrom(who) }
    if (what === 'fin' || what === 'reset') {
      capture.append({ kind: 'sentEnd', ...at, how: what })
      capture.append({ kind: 'deliveredEnd', ...at, how: what })
      continue
    }
    const bytes = Buffer.from(what, /^[0-9a-f]+$/.test(what) ? 'hex' : 'latin1')
    capture.append({ kind: 'sent', ...at, bytes })
    capture.append({ kind: 'delivered', ...at, bytes })
  }
}
