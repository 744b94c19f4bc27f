import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import type { Span } from '../../../shared/bytes/span.ts'
import {
  encodeHead,
  fieldNamed,
  fieldsNamed,
  findHeadEnd,
  type Head,
  listItems,
  parseHead,
  startLineBroken,
  statusOf,
} from '../../../shared/handshake/head.ts'
import { casesOf, isHead } from '../vectors.ts'

const headCases = casesOf('handshake', 'invalid').filter(isHead)
const anyHead = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', ':', ' ', '\t', 'GET', '/', 'Host', 'a', '\xff', '101'), { maxLength: 30 })
  .map((parts) => encodeLatin1(parts.join('')))

function request(text: string): Head {
  return parseHead(encodeLatin1(text), 'request')
}

/** All parts in order, down to those that have no parts. */
function partsOf({ startLine, fields, blank }: Head): Span[] {
  const { first, firstSpace, second, secondSpace, third, lineEnd } = startLine
  return [
    ...[first, firstSpace, second, secondSpace, third, lineEnd],
    ...fields.flatMap((field) => [field.name, field.colon, field.space, field.value, field.trailing, field.lineEnd]),
    blank,
  ]
}

function expectTiles(spans: readonly Span[], start: number, end: number): void {
  let at = start
  for (const span of spans) {
    expect(span.start).toBe(at)
    at = span.end
  }
  expect(at).toBe(end)
}

describe('heads of the reference vectors', () => {
  it.each(headCases)('$id: the first line and the fields are read as the vector says', ({ bytes, lane, vector }) => {
    const end = findHeadEnd(bytes)
    const whole = end < 0 ? bytes : bytes.subarray(0, end)
    const head = parseHead(whole, lane === 'clientToServer' ? 'request' : 'response')
    const { first, second, third } = head.startLine
    const expected = vector.decoded ?? vector.parsed
    // Some are parts of heads, and of those that break a rule some are not taken apart.
    if (!expected?.startLine) return expect(head.complete).toBe(end >= 0)
    expect([first.text, second.text, third.text].join(' ')).toBe(expected.startLine)
    expect(head.fields.map(({ name, value }) => [name.text, value.text])).toEqual(expected.headers)
    expect(head.complete).toBe(true)
    expect(Buffer.from(bytes.subarray(whole.length)).toString('hex')).toBe(expected.trailingBytesHex ?? '')
  })

  it.each(headCases)(
    '$id: every located text is what its span holds, wherever the head is on the lane',
    ({ bytes }) => {
      const head = parseHead(bytes, 'request', 1000)
      for (const { name, value } of head.fields) {
        for (const { text, start, end } of [name, value]) {
          expect(decodeLatin1(bytes, start - 1000, end - 1000)).toBe(text)
        }
      }
    },
  )

  it.each(headCases)('$id: the parts tile what is there, wherever it is cut', ({ bytes }) => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expectTiles(partsOf(parseHead(bytes.subarray(0, cut), 'request', 7)), 7, 7 + cut)
    }
  })
})

describe('reading a head', () => {
  it('is total: any bytes come out as parts that tile them', () => {
    fc.assert(
      fc.property(anyHead, fc.constantFrom('request', 'response'), (bytes, kind) => {
        expectTiles(partsOf(parseHead(bytes, kind, 3)), 3, 3 + bytes.length)
      }),
    )
  })

  it('is complete exactly when the bytes end in the empty line', () => {
    fc.assert(
      fc.property(anyHead, (bytes) => {
        const end = findHeadEnd(bytes)
        const head = parseHead(end < 0 ? bytes : bytes.subarray(0, end), 'request')
        expect(head.complete).toBe(end >= 0)
      }),
    )
  })

  it('keeps a space inside a request’s target in the target', () => {
    const { first, second, third } = request('GET /a b HTTP/1.1\r\n\r\n').startLine
    expect([first.text, second.text, third.text]).toEqual(['GET', '/a b', 'HTTP/1.1'])
  })

  it('keeps spaces of a response’s reason in the reason', () => {
    const { startLine } = parseHead(encodeLatin1('HTTP/1.1 400 Bad Request\r\n\r\n'), 'response')
    expect([startLine.second.text, startLine.third.text]).toEqual(['400', 'Bad Request'])
  })

  it.each([
    ['no colon here', 'noColon'],
    [': value', 'emptyName'],
    ['Ho st: a', 'spaceInName'],
    [' folded', 'continuation'],
    ['Host: a\rb', 'strayCr'],
  ])('notes what is odd about %j and goes on', (line, oddity) => {
    const head = request(`GET / HTTP/1.1\r\n${line}\r\nUpgrade: x\r\n\r\n`)
    expect(head.fields.map((field) => field.oddity)).toEqual([oddity, undefined])
    expect(head.complete).toBe(true)
  })

  it('splits lines at an LF alone, and lists every CR and LF that is not half of a CR LF', () => {
    const head = request('GET / HTTP/1.1\nA: 1\rx\r\nB: 2\n\n')
    expect(head.startLine.third.text).toBe('HTTP/1.1')
    expect(head.fields.map(({ name, value }) => [name.text, value.text])).toEqual([
      ['A', '1\rx'],
      ['B', '2'],
    ])
    expect(head.complete).toBe(true)
    expect(head.loneBreaks.map(({ text, start }) => [text, start])).toEqual([
      ['\n', 14],
      ['\r', 19],
      ['\n', 27],
      ['\n', 28],
    ])
  })

  it('gives the value as the drafts read it too: one space after the colon is no part of it', () => {
    const written = (line: string) => request(`GET / HTTP/1.1\r\n${line}\r\n\r\n`).fields[0]!.written.text
    expect(written('A: b ')).toBe('b ')
    expect(written('A:b')).toBe('b')
    expect(written('A:  b')).toBe(' b')
    expect(written('A:\tb')).toBe('\tb')
    expect(written('A: ')).toBe('')
    expect(written('A:')).toBe('')
  })

  it('splits white space from values but keeps inner runs', () => {
    const [field] = request('GET / HTTP/1.1\r\nA: \t b  c \t\r\n\r\n').fields
    expect(field?.value.text).toBe('b  c')
  })

  it('finds fields by name in any case, in order, and gives the first of several', () => {
    const head = request('GET / HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\n\r\n')
    expect(fieldsNamed(head, 'X-a').map((field) => field.value.text)).toEqual(['1', '2'])
    expect(fieldNamed(head, 'x-A')?.value.text).toBe('1')
    expect(fieldNamed(head, 'x-b')).toBeUndefined()
  })

  it('reads a status of three digits and no other', () => {
    const status = (line: string) => statusOf(parseHead(encodeLatin1(`${line}\r\n\r\n`), 'response'))
    expect(status('HTTP/1.1 101 Switching Protocols')).toBe(101)
    expect(status('HTTP/1.1 101')).toBe(101)
    expect(status('HTTP/1.1 1010 x')).toBeNull()
    expect(status('101')).toBeNull()
  })

  it('gives list items with their places', () => {
    const head = request('GET / HTTP/1.1\r\nConnection: keep-alive , ,UPGRADE\r\n\r\n')
    const items = listItems(fieldNamed(head, 'connection')!.value)
    expect(items.map(({ text }) => text)).toEqual(['keep-alive', 'UPGRADE'])
    expect(items[1]).toMatchObject({ start: 42, end: 49 })
  })
})

describe('the first line of a head', () => {
  const broken = (kind: 'request' | 'response', text: string) => {
    const bytes = encodeLatin1(text)
    return startLineBroken(bytes, kind, 0, bytes.length)
  }

  it.each([
    ['request', '', -1],
    ['request', 'G', -1],
    ['request', 'GET', -1],
    ['request', 'GET /a b HT', -1],
    ['request', 'GET /demo HTTP/1.1\r\n', -1],
    ['request', 'GET /demo HTTP/1.1\n', -1],
    ['request', '\x16\x03\x01', 1],
    ['request', '\x81\x85', 1],
    ['request', ' GET', 1],
    ['request', 'SSH-2.0-x\r\n', 10],
    ['request', 'HTTP/1.1 101 x\r\n', 5],
    ['request', 'GET /\r\n', 7],
    ['request', 'GET /demo HTTP/11\r\n', 19],
    ['request', '\r\n', 1],
    ['request', '\n', 1],
    ['response', 'HTTP/1.1 10', -1],
    ['response', 'HTTP/1.1 101\r\n', -1],
    ['response', 'HTTP/1.1 101 Anything at all\r\n', -1],
    ['response', 'GET /', 1],
    ['response', 'HTTP/1.1 1x', 11],
    ['response', 'HTTP/1.1 1010 x\r\n', 17],
    ['response', '\x8f\x18', 1],
  ] as const)('of a %s, %j: broken after %i bytes', (kind, text, after) => {
    expect(broken(kind, text)).toBe(after)
  })

  it('is found to be broken by the same bytes however many more are there', () => {
    fc.assert(
      fc.property(anyHead, fc.constantFrom('request', 'response'), (bytes, kind) => {
        const after = startLineBroken(bytes, kind, 0, bytes.length)
        for (let end = 0; end <= bytes.length; end++) {
          expect(startLineBroken(bytes, kind, 0, end)).toBe(after >= 0 && end >= after ? after : -1)
        }
      }),
    )
  })
})

describe('finding the end of a head', () => {
  it('looks only inside the range it is given', () => {
    const bytes = encodeLatin1('x\r\n\r\nyy\r\n\r\n')
    expect(findHeadEnd(bytes)).toBe(5)
    expect(findHeadEnd(bytes, 3)).toBe(11)
    expect(findHeadEnd(bytes, 3, 10)).toBe(-1)
    expect(findHeadEnd(bytes, 0, 4)).toBe(-1)
  })

  it('is not thrown off by a stray CR in front', () => {
    expect(findHeadEnd(encodeLatin1('a\r\r\n\r\r\n\r\n'))).toBe(9)
  })

  it.each([
    ['a\n\nb', 3],
    ['a\n\r\nb', 4],
    ['a\r\n\nb', 4],
    ['a\r\n\rb', -1],
  ])('takes an LF without its CR as the end of a line: %j', (text, end) => {
    expect(findHeadEnd(encodeLatin1(text))).toBe(end)
  })
})

describe('writing a head', () => {
  it('is undone by reading', () => {
    const fields = [
      ['Host', 'example.com'],
      ['X', ''],
    ] as const
    const head = parseHead(encodeHead('GET /demo HTTP/1.1', fields), 'request')
    expect(head.fields.map(({ name, value }) => [name.text, value.text])).toEqual(fields)
    expect(head.complete).toBe(true)
  })
})
