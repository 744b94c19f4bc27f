import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Lane, lanes } from '../../../shared/bytes/lanes.ts'
import type { Naming } from '../../../shared/capture/types.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { conversations, hex } from './logs.ts'
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

  it.each([
    ['is answered', 'GET /page HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['has a body', 'POST /login HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['asks a proxy', 'CONNECT 192.0.2.2:80 HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 Connection established\r\n\r\n'],
  ])(
    'show the WebSocket behind a request that %s on the same connection, and note what is left out',
    (_, asked, got) => {
      const [before, after] = [asked, got].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array]
      const exchange = (times: number) => [
        ...pieces('client', before, 20).map((one) => ({ ...one, at: one.at + before.length * times })),
        ...pieces('server', after, 20).map((one) => ({ ...one, at: one.at + after.length * times })),
      ]
      const behind = whole.slice(2).map((segment) => ({
        ...segment,
        at: segment.at + 2 * (segment.from === 'client' ? before : after).length,
      }))
      const imported = read(pcapOf([...syns, ...exchange(0), ...exchange(1), ...behind]))
      expectWhole(imported)
      expect(imported.notes).toEqual([])
      const { capture } = imported
      const notes = Array.from({ length: capture.length }, (_, number) => capture.record(number)).filter(
        ({ kind }) => kind === 'note',
      )
      expect(notes).toMatchObject([
        {
          text: expect.stringContaining(
            `${2 * before.length} bytes of the client and ${2 * after.length} of the server`,
          ),
        },
      ])
      const last = behind.length - 2
      const gap = read(
        pcapOf([...syns, ...exchange(0), ...exchange(1), ...behind.filter((_, index) => index !== last)]),
      )
      expect(gap.problems[0]).toContain(`sent after its byte ${whole.at(-2)!.at};`)
    },
  )

  it('of HTTP alone are none of WebSockets, whatever is asked', () => {
    const asking = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')
    const turn = (at: number): Segment[] => [
      { from: 'client', at, bytes: asking },
      { from: 'server', at, bytes: asking },
    ]
    expect(refusal(pcapOf([...syns, ...turn(0), ...turn(asking.length)]))).toMatch(/^No WebSocket connection was found/)
  })

  it('of other protocols are counted, and frames without a handshake are told apart', () => {
    const other = (clientPort: number, bytes: Uint8Array) => pcapOf([{ from: 'client', at: 0, bytes }], { clientPort })
    const text = (words: string) => new TextEncoder().encode(words)
    const others = [other(1, text('SSH-2.0-x\r\n')), other(2, text('GET / HTTP/1.1\r\n\r\n'))]
    const frames = other(3, Uint8Array.of(0x81, 0x81, 1, 2, 3, 4, 0x40))
    const { capture, notes } = read(concat(pcapOf(whole), ...[...others, frames].map((file) => file.subarray(24))))
    expect(capture.connections.map(({ opened }) => [opened.dialect, opened.unseen])).toEqual([
      [undefined, undefined],
      [undefined, {}],
    ])
    expect(notes).toEqual([
      '1 TCP connection looks like WebSocket frames without a handshake, but does not tell what it is.',
      '2 TCP connections are not WebSockets and were skipped.',
    ])
    expect(refusal(others[0]!)).toBe(
      'No WebSocket connection was found. 1 TCP connections are not WebSockets and were skipped.',
    )
  })

  describe('of a connection that was open when the capture began', () => {
    const masked = hex('81 85 37fa213d 7f9f4d5158  89 80 01020304  82 82 00000000 0102')
    const clear = hex('81 05 48656c6c6f  8a 00  02 01 aa  80 01 bb')
    const joined = (client: Uint8Array, server: Uint8Array, first: 'client' | 'server' = 'client') => {
      const [one, other] = [pieces('client', client, 9), pieces('server', server, 9)]
      return pcapOf(first === 'client' ? [...one, ...other] : [...other, ...one], { firstSequence: 77_000 })
    }
    const labels = ({ capture }: Opened) =>
      ladderRows(capture, 1, capture.end, 0, 50).rows.map(({ lane, label, preview }) =>
        `${lane[0]} ${label} ${preview}`.trim(),
      )

    it.each(['client', 'server'] as const)(
      'are frames of two ends that are open, whoever is seen first: the %s',
      (first) => {
        const imported = read(joined(masked, clear, first))
        const connection = imported.capture.connection(1)
        expect(connection.opened.topology.client.port).toBe(50_000)
        expect([connection.dialect.id, connection.stateAt('server', { record: 0, bytes: 0 })]).toEqual([
          'rfc6455',
          'OPEN',
        ])
        expect(connection.faults).toEqual([])
        expect(labels(imported).sort()).toEqual(
          [
            'c binary 01 02',
            'c ping',
            'c text "Hello"',
            's binary aa',
            's continuation bb',
            's pong',
            's text "Hello"',
          ].sort(),
        )
        expect(imported.notes).toEqual([
          '1 TCP connection was open when the capture began: a note of it says what its frames are read as, and why.',
        ])
        expect(imported.capture.record(1)).toMatchObject({
          kind: 'note',
          text: expect.stringMatching(
            /^This connection was open when the capture began\. It is read as RFC 6455, since [23] masked frames of the client and [23] unmasked ones of the server keep its rules; which extensions it agreed on is not known\.$/,
          ),
        })
      },
    )

    it('may begin inside a frame, whose rest is told from the frames behind it', () => {
      const imported = read(joined(concat(new Uint8Array(40).fill(0x41), masked), clear))
      expect(labels(imported)[0]).toMatch(/^c junk/)
      expect(imported.capture.connection(1).opened.unseen).toEqual({ cut: { clientToServer: 40, serverToClient: 0 } })
      expect(imported.capture.connection(1).faults).toEqual([])
    })

    it('are frames when only one lane is there', () => {
      expect(labels(read(joined(new Uint8Array(0), clear)))).toHaveLength(4)
      expect(read(joined(masked, new Uint8Array(0))).capture.connection(1).opened.topology.client.port).toBe(50_000)
    })

    it('are judged once they are known to be frames', () => {
      const late: Segment = { from: 'client', at: masked.length, bytes: hex('81 00') }
      const imported = read(pcapOf([...pieces('client', masked, 50), ...pieces('server', clear, 50), late]))
      expect(imported.capture.connection(1).faults.map(({ code }) => code)).toEqual(['mask.missing'])
    })

    it.each([
      ['DNS, whose lengths look like continuations', hex('0002 aabb 0002 ccdd 0001 ee'), hex('0002 aabb 0003 ccddee')],
      ['TLS in the middle', hex('17 03 03 0005 0102030405'), hex('17 03 03 0005 0102030405')],
    ])('is none when it is something else: %s', (_, client, server) => {
      expect(refusal(joined(client, server))).toMatch(/^No WebSocket connection was found\./)
    })

    it.each([
      ['both sides masked', masked, masked],
      ['neither side masked', clear, clear],
      ['text that is no UTF-8', masked, hex('81 02 ffff 81 00 81 00')],
    ])('is shown without being told when its frames break the rules: %s', (_, client, server) => {
      const { capture, notes } = read(joined(client, server))
      const { opened, detection, dialect } = capture.connection(1)
      expect([opened.dialect, opened.unseen, detection, dialect.id]).toEqual([undefined, {}, null, 'rfc6455'])
      expect(opened.topology.client.port).toBe(50_000)
      expect(capture.record(1)).toMatchObject({
        kind: 'note',
        text: expect.stringMatching(/until "read as" names another/),
      })
      expect(notes).toEqual([
        '1 TCP connection looks like WebSocket frames without a handshake, but does not tell what it is.',
      ])
    })

    describe('is read as what a person says it is', () => {
      const texts = [hex('00 68 69 ff  00 6f 6e 65 ff'), hex('00 79 6f ff')] as const
      const named = (known: Naming, ...[client, server]: readonly [Uint8Array, Uint8Array]) => {
        const opened = openFile(joined(client, server), { naming: known })
        if (!opened.ok) throw new Error(opened.error)
        return opened.value
      }

      it('all of a file, which then shows what looks like nothing else', () => {
        expect(refusal(joined(...texts))).toMatch(/^No WebSocket connection was found\./)
        const imported = named({ all: 'hixie-76' }, ...texts)
        expect(labels(imported)).toEqual(['c text "hi"', 'c text "one"', 's text "yo"'])
        expect(imported.capture.connection(1).opened).toMatchObject({ dialect: 'hixie-76', unseen: {} })
        expect(imported.capture.record(1)).toMatchObject({
          text: expect.stringMatching(/It is read as hixie-76, as was said/),
        })
      })

      it('a single one, also when its frames had told', () => {
        expect(named({ some: new Map([[1, 'hybi-08']]) }, masked, clear).capture.connection(1).dialect.id).toBe(
          'hybi-08',
        )
        expect(named({ some: new Map([[2, 'hybi-08']]) }, masked, clear).capture.connection(1).dialect.id).toBe(
          'rfc6455',
        )
      })

      it('even against its bytes, which then break the rules', () => {
        const { capture } = named({ some: new Map([[1, 'rfc6455']]) }, clear, clear)
        expect(capture.connection(1).faults.length).toBeGreaterThan(0)
        expect(capture.record(1)).toMatchObject({ text: expect.stringMatching(/although its bytes break the rules/) })
      })

      it('but not as one whose frames cannot be read without the handshake', () => {
        expect(named({ all: 'hybi-04' }, masked, clear).capture.connection(1).opened.dialect).toBe('rfc6455')
      })
    })

    it('is none when its beginning was captured', () => {
      expect(refusal(pcapOf([...syns, ...pieces('client', masked, 50), ...pieces('server', clear, 50)]))).toMatch(
        /not WebSockets/,
      )
    })
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

/** A pcapng file without its first `count` packets. */
function withoutFirst(count: number, file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const blocks: Uint8Array[] = []
  let left = count
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true)
    const isDropped = view.getUint32(at, true) === 6 && left-- > 0
    if (!isDropped) blocks.push(file.subarray(at, at + length))
    at += length
  }
  return concat(...blocks)
}

describe('captures of a real server and client that began too late', () => {
  it('show the frames that the whole capture shows, but for the handshake', () => {
    const file = fixture('lo-ipv4.pcapng.gz')
    const framesOf = ({ capture }: Opened) =>
      ladderRows(capture, 1, capture.end, 0, 1_000)
        .rows.filter(({ kind }) => kind === 'frame')
        .map(({ lane, label, preview }) => `${lane} ${label} ${preview}`)
    const all = framesOf(read(file))
    // One connection that is none, then SYN, SYN and ACK, ACK, request, ACK, response, ACK.
    const joined = read(withoutFirst(14, file))
    const unseen = joined.capture.connection(1).opened.unseen
    expect(unseen).toEqual({ cut: { clientToServer: 0, serverToClient: 0 } })
    expect(framesOf(joined)).toEqual(all)
  })
})

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
