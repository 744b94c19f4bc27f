import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Lane, lanes } from '../../../shared/bytes/lanes.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { conversations } from './logs.ts'
import { type Opened, openFile } from './opened.ts'
import { pcapOf, type Segment, type Wrapping } from './packetFiles.ts'

function read(file: Uint8Array): Opened {
  const imported = openFile(file)
  if (!imported.ok) throw new Error(imported.error)
  return imported.value
}

function refusal(file: Uint8Array): string {
  const imported = openFile(file)
  if (imported.ok) throw new Error('it was read')
  return imported.error
}

function streamOf({ capture }: Opened, lane: Lane): Uint8Array {
  return capture.connection(1).readDelivered(lane, 0, 1_000_000)
}

const talk = conversations.rfc6455
const request = talk.clientToServer
const answer = talk.serverToClient

const syns: readonly Segment[] = [
  { from: 'client', at: 0, flags: 'syn' },
  { from: 'server', at: 0, flags: 'syn' },
]

function pieces(from: Segment['from'], bytes: Uint8Array, size: number): Segment[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => ({
    from,
    at: index * size,
    bytes: bytes.subarray(index * size, (index + 1) * size),
  }))
}

/** The whole conversation, in small segments. */
const whole = [...syns, ...pieces('client', request, 50), ...pieces('server', answer, 40)]

function expectWhole(imported: Opened) {
  expect(streamOf(imported, 'clientToServer')).toEqual(Uint8Array.from(request))
  expect(streamOf(imported, 'serverToClient')).toEqual(Uint8Array.from(answer))
  expect(imported.problems).toEqual([])
}

describe('packets that another tool captured', () => {
  const wrappings: Wrapping[] = [
    {},
    { link: 'vlan' },
    { link: 'cooked' },
    { link: 'cooked2' },
    { link: 'null' },
    { link: 'raw' },
    { ipv6: true },
    { link: 'cooked2', ipv6: true },
    { littleEndian: false },
    { nanoseconds: true },
    { littleEndian: false, nanoseconds: true, link: 'raw', ipv6: true },
    { firstSequence: 0xffff_fff0 },
  ]
  it.each(wrappings)('become the bytes of both lanes: %o', (wrapping) => {
    const imported = read(pcapOf(whole, wrapping))
    expectWhole(imported)
    const { opened, dialect } = imported.capture.connection(1)
    expect(dialect.id).toBe('rfc6455')
    expect(opened.topology.client).toEqual({ host: wrapping.ipv6 ? '2001:db8::1' : '192.0.2.1', port: 50_000 })
    expect(imported.notes).toEqual([])
  })

  it('keep the time of each packet', () => {
    const { capture } = read(pcapOf(whole))
    expect(capture.head(0).time).toBe(1_002_000.5)
  })

  it('end a lane where its FIN or reset is', () => {
    const ends: Segment[] = [
      { from: 'client', at: request.length, flags: 'fin' },
      { from: 'server', at: answer.length, flags: 'reset' },
    ]
    const { capture } = read(pcapOf([...whole, ...ends]))
    expect(lanes.map((lane) => capture.connection(1).deliveredEndAt(lane, capture.end))).toEqual(['fin', 'reset'])
  })

  it('are put in order, taken once, and kept as they came first where they overlap', () => {
    const shuffled = fc.sample(fc.shuffledSubarray(whole.slice(2), { minLength: whole.length - 2 }), {
      seed: 4,
      numRuns: 1,
    })
    expectWhole(read(pcapOf([...syns, ...shuffled[0]!])))
    const again = read(pcapOf([...whole, ...whole.slice(2)]))
    expectWhole(again)
    expect(again.notes).toEqual([`${whole.length - 2} TCP segments were sent again and taken once.`])
    const other = new Uint8Array(60).fill(0x58)
    const overlap: Segment = { from: 'client', at: 20, bytes: concat(other.subarray(0, 30), request.subarray(50, 80)) }
    const overlapped = read(pcapOf([...whole.slice(0, 3), overlap, ...whole.slice(3)]))
    expectWhole(overlapped)
    expect(overlapped.notes.join()).toContain('overlapped earlier ones: the bytes that came first are shown')
  })

  it('that lack some are shown up to the gap, and told', () => {
    const last = whole.length - 2
    const gap = read(pcapOf(whole.filter((_, index) => index !== last)))
    expect(streamOf(gap, 'serverToClient').length).toBe(whole[last]!.at)
    expect(gap.problems).toEqual([
      `Connection 1: the capture lacks bytes that the server sent after its byte ${whole[last]!.at}; its lane ends there. ${whole.at(-1)!.bytes!.length} bytes captured behind the gap are not shown.`,
    ])
    const cut = read(pcapOf(whole.map((segment, index) => (index === last ? { ...segment, captured: 3 } : segment))))
    expect(streamOf(cut, 'serverToClient').length).toBe(whole[last]!.at + 3)
  })

  it('of other protocols are counted, and frames without a handshake are told apart', () => {
    const other = (clientPort: number, bytes: Uint8Array) => pcapOf([{ from: 'client', at: 0, bytes }], { clientPort })
    const text = (words: string) => new TextEncoder().encode(words)
    const others = [other(1, text('SSH-2.0-x\r\n')), other(2, text('GET / HTTP/1.1\r\n\r\n'))]
    const frames = other(3, Uint8Array.of(0x81, 0x81, 1, 2, 3, 4, 0x40))
    const { capture, notes } = read(concat(pcapOf(whole), ...[...others, frames].map((file) => file.subarray(24))))
    expect(capture.connections.length).toBe(1)
    expect(notes).toEqual([
      '1 TCP connections look like WebSocket frames without a handshake: the capture began too late to open them.',
      '2 TCP connections are not WebSockets and were skipped.',
    ])
    expect(refusal(others[0]!)).toBe(
      'No WebSocket connection was found. 1 TCP connections are not WebSockets and were skipped.',
    )
  })

  it('of a connection that uses the same ports again are another connection', () => {
    const ends: Segment[] = [
      { from: 'client', at: request.length, flags: 'fin' },
      { from: 'server', at: answer.length, flags: 'fin' },
    ]
    const once = pcapOf([...whole, ...ends])
    expect(read(concat(once, once.subarray(24))).capture.connections.length).toBe(2)
  })
})

function fixture(name: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(`../../fixtures/captures/${name}`, import.meta.url)))
}

describe('captures of a real server and client', () => {
  it.each(['lo-ipv4.pcapng.gz', 'lo-ipv6.pcapng.gz', 'any.pcapng.gz'])(
    '%s has the frames that tshark counts',
    (name) => {
      const imported = read(fixture(name))
      const { rows } = ladderRows(imported.capture, 1, imported.capture.end, 0, 1000)
      expect(rows.filter(({ kind }) => kind === 'frame')).toHaveLength(55)
      expect(rows.filter(({ kind }) => kind === 'junk')).toHaveLength(0)
      expect(rows.filter(({ fault }) => fault)).toHaveLength(0)
      expect(imported.problems).toEqual([])
      expect(imported.notes).toEqual(['1 TCP connections are not WebSockets and were skipped.'])
    },
  )
})

describe('a file that is cut, damaged or mislabelled', () => {
  const bounded = { seed: 4_1145, numRuns: 200 }
  const real = fixture('lo-ipv4.pcapng.gz').subarray(0, 20_000)
  const files = [pcapOf(whole), pcapOf(whole, { littleEndian: false, link: 'cooked2', ipv6: true }), real]

  function expectSettled(file: Uint8Array) {
    const imported = openFile(file)
    if (!imported.ok) expect(imported.error).toMatch(/^[A-Z].*\.$/s)
    else
      for (const sentence of [...imported.value.problems, ...imported.value.notes])
        expect(sentence).toMatch(/^[A-Z\d].*\.$/s)
  }

  it('is shown up to where it is cut, with a sentence', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), (file, share) => {
        expectSettled(file.subarray(0, Math.floor(file.length * share)))
      }),
      bounded,
    )
    expect(read(files[0]!.subarray(0, files[0]!.length - 1)).problems[0]).toMatch(
      /^The file is cut short: it ends at byte/,
    )
  })

  it('never throws, whatever bytes are changed', () => {
    const change = fc.record({ at: fc.nat(3000), to: fc.integer({ min: 0, max: 255 }) })
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 20 }), (file, changes) => {
        const bad = file.slice()
        for (const { at, to } of changes) bad[at % bad.length] = to
        expectSettled(bad)
      }),
      bounded,
    )
  })

  it('never throws on a good header before anything', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(60), fc.uint8Array({ maxLength: 400 }), (file, kept, rest) => {
        expectSettled(concat(file.subarray(0, kept), rest))
      }),
      bounded,
    )
  })

  it('says when a packet claims more than any file has', () => {
    const bad = pcapOf(whole)
    new DataView(bad.buffer).setUint32(24 + 8, 0xffff_ffff, true)
    expect(refusal(bad)).toContain('The file is damaged at byte 24: a packet there claims to be 4294967295 bytes long.')
    expect(refusal(Uint8Array.of(1, 2, 3))).toContain('none that Wirestep reads')
  })
})
