// TLS in captures of others, read with the secrets that one of the ends wrote down. test/fixtures/README.md says what is
// in the capture; test/interop/captures.test.ts holds it against tshark.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { ConnectionCapture } from '../../../shared/capture/types.ts'
import { type Opened, openFile } from './opened.ts'

const captures = resolve(import.meta.dirname, '../../fixtures/captures')
const file = new Uint8Array(gunzipSync(readFileSync(join(captures, 'tls.pcapng.gz'))))
const keys = new Uint8Array(readFileSync(join(captures, 'tls.keys')))

function read(bytes: Uint8Array, keyLog?: Uint8Array): Opened {
  const opened = openFile(bytes, keyLog ? { keys: keyLog } : {})
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

function plainOf(connection: ConnectionCapture, lane: Lane): Uint8Array {
  return connection.readDelivered(lane, 0, 10_000_000)
}

function pathOf(connection: ConnectionCapture): string | undefined {
  return /^GET (\S+) /.exec(decodeLatin1(plainOf(connection, 'clientToServer')))?.[1]
}

const keyLines = decodeLatin1(keys).split('\n')
const onlyKeys = (test: (line: string) => boolean) => Buffer.from(keyLines.filter(test).join('\n'))

/** A Decryption Secrets block with a key log, https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/ §4.7. */
function secretsBlock(text: Uint8Array): Uint8Array {
  const padded = (text.length + 3) & ~3
  const block = Buffer.alloc(20 + padded)
  for (const at of [4, block.length - 4]) block.writeUInt32LE(block.length, at)
  block.writeUInt32LE(10, 0)
  block.writeUInt32LE(0x544c534b, 8)
  block.writeUInt32LE(text.length, 12)
  block.set(text, 16)
  return block
}

/** Behind the section header, which says how long it is. */
function withSecrets(text: Uint8Array): Uint8Array {
  const headerLength = Buffer.from(file).readUInt32LE(4)
  return concat(file.subarray(0, headerLength), secretsBlock(text), file.subarray(headerLength))
}

const readable = [
  '/TLS_AES_128_GCM_SHA256',
  '/TLS_AES_256_GCM_SHA384',
  '/TLS_CHACHA20_POLY1305_SHA256',
  '/ECDHE-ECDSA-AES128-GCM-SHA256',
  '/ECDHE-ECDSA-AES256-GCM-SHA384',
  '/ECDHE-ECDSA-CHACHA20-POLY1305',
  '/updated',
]

describe('TLS in packets, with a key log', () => {
  const opened = read(file, keys)

  it('is read in every suite of TLS 1.3, and in those of TLS 1.2 with AES-GCM and ChaCha20-Poly1305', () => {
    expect(opened.capture.connections.map(pathOf)).toEqual(readable)
    expect(opened.problems).toEqual([])
  })

  it.each(readable.slice(0, 6))('%s has each message that was exchanged', (path) => {
    const connection = opened.capture.connections.find((one) => pathOf(one) === path)!
    expect(connection.messageCount).toBe(8)
    expect(connection.faults).toEqual([])
    expect(connection.deliveredEndAt('clientToServer', opened.capture.end)).toBe('fin')
  })

  it('goes on after an end updated its keys', () => {
    const connection = opened.capture.connections.at(-1)!
    const said = decodeLatin1(plainOf(connection, 'serverToClient'))
    expect(said).toContain('before the update')
    expect(said).toContain('after the update')
  })

  it('tells what was read, and which suite is not', () => {
    expect(opened.notes).toContain('7 TLS connections were read with the secrets of a key log.')
    expect(opened.notes).toContain(
      '1 TLS connection was skipped: cipher suite 0xc023 is not read; those with AES-GCM and ChaCha20-Poly1305 are.',
    )
  })

  it('is read with the secrets that are in the file just the same', () => {
    const inside = read(withSecrets(keys))
    expect(inside.capture.connections.map(pathOf)).toEqual(readable)
    const digest = ({ capture }: Opened) =>
      capture.connections.map((one) => createHash('sha256').update(plainOf(one, 'serverToClient')).digest('hex'))
    expect(digest(inside)).toEqual(digest(opened))
  })
})

describe('TLS in packets of which a secret is missing', () => {
  it('is skipped with what it takes, where there is no key log', () => {
    expect(openFile(file)).toEqual({
      ok: false,
      error:
        'No WebSocket connection was found. 8 TLS connections were skipped: it takes their secrets to read them. A program at one of the ends writes these where the environment variable SSLKEYLOGFILE says; give that file with --keylog FILE; in the window, Sessions has With a key log….',
    })
  })

  it('is told from the ones that are known', () => {
    const { capture, notes } = read(
      file,
      onlyKeys((line) => line.startsWith('CLIENT_RANDOM')),
    )
    expect(capture.connections.map(pathOf)).toEqual(readable.slice(3, 6))
    expect(notes).toContain(
      '4 TLS connections were skipped: the key log has no secrets of them. It has to be written by a program at one of the ends while they are captured.',
    )
  })

  it('is skipped where only one end is known', () => {
    const { notes } = read(
      file,
      onlyKeys((line) => !line.startsWith('SERVER_TRAFFIC_SECRET_0')),
    )
    expect(notes).toContain(
      '4 TLS connections were skipped: the key log has not all the secrets that it takes to read them.',
    )
  })

  it('is skipped where the secrets are of something else', () => {
    const wrong = keyLines.map((line) => line.replace(/(CLIENT_RANDOM \w+) .*/, `$1 ${'ab'.repeat(48)}`))
    const { notes } = read(file, Buffer.from(wrong.join('\n')))
    expect(notes).toContain(
      '3 TLS connections were skipped: a record of theirs is damaged, or the secrets of the key log do not open it.',
    )
  })
})

describe('TLS in damaged packets', () => {
  it('is read up to the first record that does not open, and says so', () => {
    const damaged = file.slice()
    const at = longestPacketOf(damaged)
    damaged[at] = damaged[at]! ^ 1
    const { capture, problems } = read(damaged, keys)
    expect(capture.connections.map(pathOf)).toEqual(readable)
    expect(problems).toEqual([
      expect.stringMatching(/^Connection 1: a TLS record of the client is damaged, or sealed with secrets/),
    ])
    expect(capture.connections[0]!.messageCount).toBeGreaterThan(0)
    expect(capture.connections[0]!.messageCount).toBeLessThan(8)
    expect(capture.connections[1]!.messageCount).toBe(8)
  })

  it('never throws, whatever is damaged in the packets or in the key log', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 40 }),
        fc.nat(),
        (hits, cut) => {
          const damaged = file.slice()
          for (const [at, byte] of hits) damaged[at] = byte
          const opened = openFile(damaged, { keys: keys.subarray(0, keys.length - (cut % keys.length)) })
          expect(opened.ok || opened.error.length > 0).toBe(true)
        },
      ),
      { numRuns: 25, seed: 4 },
    )
  })
})

/** A place in what the first packet with more than 16 KiB carries. */
function longestPacketOf(pcapng: Uint8Array): number {
  const view = new DataView(pcapng.buffer, pcapng.byteOffset)
  for (let at = 0; at < pcapng.length; at += view.getUint32(at + 4, true)) {
    if (view.getUint32(at, true) === 6 && view.getUint32(at + 20, true) > 16_384) return at + 28 + 10_000
  }
  throw new Error('no packet is as long')
}
