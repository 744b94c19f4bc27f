// What Wirestep makes of captures is what Wireshark's command line makes of them. Where that is not installed the tests
// say so and are skipped.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openRecording } from '../../main/lab/recording.ts'
import { wirestep } from '../main/cli/fakeTerminal.ts'

const installed = ['tshark', 'editcap', 'mergecap'].every((tool) => spawnSync(tool, ['--version']).status === 0)
const folder = mkdtempSync(join(tmpdir(), 'wirestep-captures-'))
afterAll(() => rmSync(folder, { recursive: true }))

const captures = resolve(import.meta.dirname, '../fixtures/captures')
const original = join(captures, 'lo-ipv4.pcapng.gz')

/** Opcodes of all frames in the order of the packets, as tshark tells them. */
function framesOfTshark(path: string, ...options: readonly string[]): string[] {
  const words = [...options, '-r', path, '-Y', 'websocket', '-T', 'fields', '-e', 'websocket.opcode']
  const lines = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return lines.split(/[\n,]/).filter(Boolean)
}

async function framesOfWirestep(path: string, ...options: readonly string[]): Promise<string[]> {
  const { out } = await wirestep(['decode', path, '--filter', 'kind frame', ...options])
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => String(JSON.parse(line).opcode))
}

/** Texts that tshark shows: of a fragmented message the whole, with its last frame. */
function textsOfTshark(path: string, ...options: readonly string[]): string[] {
  const words = [...options, '-r', path, '-Y', 'websocket.payload.text', '-T', 'fields', '-e', 'websocket.payload.text']
  const lines = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return lines.split('\n').filter(Boolean)
}

const variants: Readonly<Record<string, (path: string) => void>> = {
  'as it is': (path) => copyFileSync(original, path),
  unpacked: (path) => writeFileSync(path, gunzipSync(readFileSync(original))),
  'as pcap': (path) => execFileSync('editcap', ['-F', 'pcap', original, path]),
  'as pcap with nanoseconds': (path) => execFileSync('editcap', ['-F', 'nsecpcap', original, path]),
  'as packed pcap': (path) => {
    execFileSync('editcap', ['-F', 'pcap', original, `${path}.pcap`])
    writeFileSync(path, gzipSync(readFileSync(`${path}.pcap`)))
  },
  'merged with another': (path) =>
    execFileSync('mergecap', ['-w', path, original, join(captures, 'lo-ipv6.pcapng.gz')]),
  'captured on any interface': (path) => copyFileSync(join(captures, 'any.pcapng.gz'), path),
}

describe.skipIf(!installed)('a capture by dumpcap', () => {
  it.each(Object.entries(variants))('%s has the frames that tshark finds', async (name, make) => {
    const path = join(folder, name.replaceAll(' ', '-'))
    make(path)
    const expected = framesOfTshark(path)
    expect(expected.length).toBeGreaterThan(50)
    const found = await framesOfWirestep(path)
    expect(found.sort()).toEqual(expected.sort())
  })

  it('keeps the secrets that are in it when it is saved again', async () => {
    const [keys, path] = [join(folder, 'keys.txt'), join(folder, 'secrets.pcapng')]
    const secret = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}`
    writeFileSync(keys, `${secret}\n`)
    execFileSync('editcap', ['--inject-secrets', `tls,${keys}`, original, path])
    const recording = await openRecording(path)
    if (!recording.ok) throw new Error(recording.error)
    const saved = await recording.value.saveAs(join(folder, 'saved.pcapng'))
    recording.value.close()
    if (!saved.ok) throw new Error(saved.error)
    expect(readFileSync(saved.value, 'latin1')).toContain(secret)
    expect(await framesOfWirestep(saved.value)).toEqual(await framesOfWirestep(original))
  })

  it('has the payloads that tshark shows', async () => {
    for (const text of new Set(textsOfTshark(original))) {
      const shown = text.slice(0, 200)
      if (shown === 'fragment') continue // Wirestep shows frames: the message is in two of them
      const { out } = await wirestep(['decode', original, '--filter', `text contains ${JSON.stringify(shown)}`])
      expect(out.trim(), shown).not.toBe('')
    }
  })
})

describe('a capture packed with gzip', () => {
  it('that is cut short says what is missing and shows the rest', async () => {
    const path = join(folder, 'cut.pcapng.gz')
    const packed = readFileSync(original)
    writeFileSync(path, packed.subarray(0, packed.length - 900))
    const { code, out, err } = await wirestep(['decode', path])
    expect(code).toBe(1)
    expect(err).toContain('The file is cut short')
    expect(out.split('\n').length).toBeGreaterThan(2)
  })

  it('that is none is refused in a sentence', async () => {
    const path = join(folder, 'bad.gz')
    writeFileSync(path, Uint8Array.of(0x1f, 0x8b, 9, 9, 9))
    const { code, err } = await wirestep(['decode', path])
    expect(code).not.toBe(0)
    expect(err).toContain(`Could not unpack ${path}`)
  })
})

describe.skipIf(!installed)('a capture of TLS by dumpcap', () => {
  const sealed = join(captures, 'tls.pcapng.gz')
  const keys = join(captures, 'tls.keys')
  const withKeys = ['-o', `tls.keylog_file:${keys}`]
  /** tshark reads AES-CBC too: those frames are of the suite that Wirestep says it does not read. */
  const isRead = ['-2', '-R', 'tcp.stream != 6']

  it('has the frames that tshark finds with the same key log', async () => {
    const expected = framesOfTshark(sealed, ...withKeys, ...isRead)
    expect(expected.length).toBe(64)
    expect((await framesOfWirestep(sealed, '--keylog', keys)).sort()).toEqual(expected.sort())
  })

  it('has the frames that tshark finds with the secrets in the file', async () => {
    const [original, path] = [join(folder, 'sealed.pcapng'), join(folder, 'sealed-with-secrets.pcapng')]
    writeFileSync(original, gunzipSync(readFileSync(sealed)))
    execFileSync('editcap', ['--inject-secrets', `tls,${keys}`, original, path])
    const expected = framesOfTshark(path, ...isRead)
    expect(expected.length).toBe(64)
    expect((await framesOfWirestep(path)).sort()).toEqual(expected.sort())
  })

  it('has the texts that tshark shows', async () => {
    const texts = textsOfTshark(sealed, ...withKeys, ...isRead)
    expect(texts.length).toBeGreaterThan(10)
    const { out } = await wirestep(['decode', sealed, '--keylog', keys, '--fields'])
    for (const text of texts) expect(out).toContain(text.slice(0, 40))
  })

  it('is read on after it was saved, and then without the key log', async () => {
    const recording = await openRecording(sealed, { keys: readFileSync(keys) })
    if (!recording.ok) throw new Error(recording.error)
    await recording.value.loaded
    const saved = await recording.value.saveAs(join(folder, 'unsealed.pcapng'))
    recording.value.close()
    if (!saved.ok) throw new Error(saved.error)
    expect(await framesOfWirestep(saved.value)).toEqual(await framesOfWirestep(sealed, '--keylog', keys))
  })
})
