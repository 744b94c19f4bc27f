import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { conversations } from '../../shared/capture/logs.ts'
import { pcapOf } from '../../shared/capture/packetFiles.ts'
import { wirestep } from './fakeTerminal.ts'

async function decodeHex(hex: string, dialect: string, lane: string, ...more: readonly string[]) {
  const { code, out, err } = await wirestep(['decode', '--hex', hex, '--dialect', dialect, '--lane', lane, ...more])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('decode --hex', () => {
  it('prints one line a frame, with what its header says', async () => {
    // RFC 6455 §5.7: a masked text "Hello", then an unmasked ping would be a fault; here a masked one.
    const lines = await decodeHex('81 85 37fa213d 7f9f4d5158 89 80 00000000', 'rfc6455', 'clientToServer', '--open')
    expect(lines).toEqual([
      {
        connection: 1,
        lane: 'clientToServer',
        dialect: 'rfc6455',
        kind: 'frame',
        start: 0,
        end: 11,
        time: null,
        opcode: 1,
        opcodeName: 'text',
        fin: true,
        payloadLength: 5,
        faults: [],
      },
      expect.objectContaining({ start: 11, end: 17, opcodeName: 'ping', payloadLength: 0, faults: [] }),
    ])
  })
  it.each(dialectIds)('tells that a request is of %s when nobody says so, and from what', async (id) => {
    const hex = Buffer.from(conversations[id].clientToServer).toString('hex')
    for (const auto of [[], ['--dialect', 'auto']]) {
      const { out } = await wirestep(['decode', '--hex', hex, '--lane', 'clientToServer', ...auto])
      const [first, ...more] = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(first).toMatchObject({ kind: 'request', dialect: id, told: expect.stringMatching(`: ${id}\\.$`) })
      expect(more.every((line) => line.dialect === id && !('told' in line))).toBe(true)
    }
  })
  it('names the rule a frame breaks, at that frame', async () => {
    const lines = await decodeHex('81 85 37fa213d 7f9f4d5158 81 00', 'rfc6455', 'clientToServer', '--open')
    expect(lines.map(({ faults }) => faults)).toEqual([[], ['mask.missing']])
  })
  it('tells a unit that is not all there', async () => {
    expect(await decodeHex('81 05 48 65', 'rfc6455', 'serverToClient', '--open')).toEqual([
      expect.objectContaining({ start: 0, end: 7, complete: false, payloadLength: 5 }),
    ])
  })
  it('reads a pasted hex dump from standard input, handshake first', async () => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n'
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from('8f18', 'hex')])
    const dump = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => {
      const part = bytes.subarray(row * 16, row * 16 + 16)
      const digits = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
      return `${(row * 16).toString(16).padStart(8, '0')}  ${digits.padEnd(47)}  |${part.toString('latin1').replaceAll(/[^ -~]/g, '.')}|`
    }).join('\n')
    const words = ['decode', '--hex', '-', '--dialect', 'hello-00', '--lane', 'serverToClient']
    const lines = (await wirestep(words, dump)).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ kind, start, end }) => [kind, start, end])).toEqual([
      ['response', 0, head.length],
      ['frame', head.length, head.length + 26],
    ])
  })
  it('adds the fields when asked, and they cover the unit', async () => {
    const [line] = await decodeHex('84 02 68 69', 'hello-00', 'clientToServer', '--open', '--fields')
    expect(line.fields[0]).toMatchObject({ name: 'FIN', start: 0, end: 1, bits: { from: 0, to: 1 }, value: '1' })
    expect(line.fields.at(-1)).toMatchObject({ start: 2, end: 4 })
  })
  it('counts by lane, kind and fault with --summary, and prints no units', async () => {
    expect(await decodeHex('8100 8100 8180 00000000', 'rfc6455', 'serverToClient', '--open', '--summary')).toEqual([
      { connection: 1, lane: 'serverToClient', kinds: { frame: 3 }, faults: { 'mask.unexpected': 1 } },
    ])
  })
  it('prints only what matches with --filter', async () => {
    const hex = '81 85 37fa213d 7f9f4d5158 89 80 00000000 82 80 00000001'
    const filtered = async (filter: string) =>
      (await decodeHex(hex, 'rfc6455', 'clientToServer', '--open', '--filter', filter)).map(
        ({ opcodeName }) => opcodeName,
      )
    expect(await filtered('"Hello" or opcode ping')).toEqual(['text', 'ping'])
    expect(await filtered('size = 0 and not opcode 9')).toEqual(['binary'])
    expect(await filtered('bytes 37fa or bytes 4865')).toEqual(['text'])
    expect(await filtered('fault or time >= 0')).toEqual([])
  })
  it('says what is wrong with a filter, and where', async () => {
    const words = ['decode', '--hex', '8100', '--dialect', 'rfc6455', '--lane', 'serverToClient', '--filter', 'size 3']
    const { code, err } = await wirestep(words)
    expect(code).not.toBe(0)
    expect(err).toContain('--filter: "3" at column 6 stands where size wants a comparison')
  })
  it.each([['decode'], ['export', '--to', 'out.jsonl']])(
    'says in %s what is wrong with a filter before it looks at the file, which may be long',
    async (...words) => {
      const { code, err } = await wirestep([...words, 'nowhere.pcapng', '--filter', 'size 3'])
      expect(code).not.toBe(0)
      expect(err).toContain('--filter: "3" at column 6')
    },
  )
  it('reads connections of a file that do not tell what they are as --dialect says', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'wirestep-late-')), 'late.pcap')
    const bytes = Uint8Array.of(0x00, 0x68, 0x69, 0xff)
    writeFileSync(path, pcapOf([{ from: 'client', at: 0, bytes }]))
    expect((await wirestep(['decode', path])).err).toContain('No WebSocket connection was found.')
    const { code, out } = await wirestep(['decode', path, '--dialect', 'hixie-76'])
    expect([code, JSON.parse(out.split('\n')[0]!)]).toMatchObject([
      0,
      { dialect: 'hixie-76', opcodeName: 'text', payloadLength: 2 },
    ])
  })
})
