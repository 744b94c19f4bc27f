import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Lane, lanes, roles } from '../../../shared/bytes/lanes.ts'
import { matches } from '../../../shared/capture/breakpoints.ts'
import type { Cursor } from '../../../shared/capture/record.ts'
import { cursorAfter, nextLane } from '../../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { formatCondition, parseCondition } from '../../../shared/commands/breakGrammar.ts'
import type { BreakCondition } from '../../../shared/commands/breakpoint.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { faultCodes } from '../../../shared/faults/catalogue.ts'
import { converse, createLab, type Lab } from './lab.ts'
import { hex } from './logs.ts'

function condition(text: string): BreakCondition {
  const parsed = parseCondition(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

/** What is next on a lane, and whether a byte of it was let through: `text`, `text begun`. */
function nextOn(capture: CaptureReader, cursor: Cursor, lane: Lane): string {
  const done = capture.connection(0).rowCountAt(cursor)
  const next = ladderRows(capture, 0, cursor, done, 1000).rows.find((row) => row.lane === lane)!
  return `${next.label}${next.delivered > 0 ? ' begun' : ''}`
}

/** Lets all that is held through byte by byte, and lists where the condition held on the lane that was next. */
function stopsLive(lab: Lab, text: string): string[] {
  const { capture } = lab
  const stops: string[] = []
  for (let lane = nextLane(capture, 0, capture.end); lane; lane = nextLane(capture, 0, capture.end)) {
    if (matches(condition(text), capture, 0, capture.end, lane)) stops.push(nextOn(capture, capture.end, lane))
    lab.step('byte')
  }
  return stops
}

/** The same in what is recorded, from before the first byte on, on the lanes that were let through next. */
function stopsRecorded(capture: CaptureReader, text: string): string[] {
  const stops: string[] = []
  let cursor: Cursor = { record: 3, bytes: 0 }
  for (let next = cursorAfter(capture, 0, cursor, 'byte'); next; next = cursorAfter(capture, 0, cursor, 'byte')) {
    const lane = capture.head(cursor.record).lane!
    if (matches(condition(text), capture, 0, cursor, lane)) stops.push(nextOn(capture, cursor, lane))
    cursor = next
  }
  return stops
}

/** An open connection that holds three frames from the client. */
function holding(dialect: DialectId = 'hello-00'): Lab {
  const lab = createLab(dialect)
  lab.settle()
  lab.act('client', { kind: 'sendText', text: 'hello, world' })
  lab.act('client', { kind: 'sendBinary', bytes: new Uint8Array(200) })
  lab.act('client', { kind: 'ping', bytes: new Uint8Array(0) })
  return lab
}

describe('a condition', () => {
  it.each(dialectIds)('of %s holds before the first byte of the unit that meets it, and inside none', (dialect) => {
    const stopsOf = (text: string) => stopsLive(holding(dialect), text)
    expect(stopsOf('opcode=text')).toEqual(['text'])
    expect(stopsOf('kind=frame lane=client')).toEqual(['text', 'binary', 'ping'])
    expect(stopsOf('lane=server')).toEqual(['pong'])
    expect(stopsOf('size>=12 size<=12')).toEqual(['text'])
    expect(stopsOf('size>=13')).toEqual(['binary'])
    expect(stopsOf('size=0')).toEqual(['ping', 'pong'])
    expect(stopsOf('"o, w"')).toEqual(['text'])
    expect(stopsOf('/^HELLO.*d$/i')).toEqual(['text'])
    expect(stopsOf('/^HELLO/')).toEqual([])
    expect(stopsOf('opcode=text size>=100')).toEqual([])
  })

  it('on heads looks at all of the head', () => {
    expect(stopsLive(createLab('hello-00'), '"Sec-WebSocket-Draft: 3"')).toEqual(['GET /demo'])
    expect(stopsLive(createLab('hello-00'), 'kind=response size=169')).toEqual(['101 Switching Protocols'])
    expect(stopsLive(createLab('hello-00'), 'opcode=hello')).toEqual(['Hello', 'Hello'])
  })

  it('on a state holds before the unit that brings the end there, by itself or by the answer it is owed', () => {
    const stops = (dialect: 'hello-00' | 'rfc6455', text: string) => {
      const lab = createLab(dialect)
      const opening = stopsLive(lab, text)
      lab.act('client', { kind: 'close' })
      return [...opening, ...stopsLive(lab, text)]
    }
    expect(stops('hello-00', 'state=client:OPEN')).toEqual(['Hello'])
    expect(stops('hello-00', 'state=server:AWAITING_CLIENT_HELLO')).toEqual(['GET /demo'])
    expect(stops('rfc6455', 'state=server:OPEN')).toEqual(['GET /demo'])
    expect(stops('rfc6455', 'state=client:OPEN')).toEqual(['101 Switching Protocols'])
    expect(stops('rfc6455', 'state=server:CLOSE_DONE')).toEqual(['close'])
    expect(stops('hello-00', 'state=server:CLOSE_DONE')).toEqual(['close'])
    expect(stops('rfc6455', 'state=client:CLOSED')).toEqual(['FIN'])
  })

  it('on a fault holds before the unit that would break the rule', () => {
    const forged = () => {
      const lab = holding('rfc6455')
      lab.forge('client', hex('81 00'))
      return lab
    }
    expect(stopsLive(forged(), 'fault=any')).toEqual(['text'])
    expect(stopsLive(forged(), 'fault=mask.missing size=0')).toEqual(['text'])
    expect(stopsLive(forged(), 'fault=utf8.invalid')).toEqual([])
    const lab = createLab('hello-00')
    lab.step('unit')
    lab.edit('serverToClient', 190, 1, Uint8Array.of(0))
    expect(stopsLive(lab, 'fault=hello.digest')).toEqual(['Hello'])
  })

  it('on a state changes nothing in the capture it is asked of', () => {
    const lab = createLab('rfc6455')
    const [twice] = [1, 2].map(() =>
      matches(condition('state=server:OPEN'), lab.capture, 0, lab.capture.end, 'clientToServer'),
    )
    expect(twice).toBe(true)
    expect(lab.capture.connection(0).stateAt('server', lab.capture.end)).toBe('AWAITING_REQUEST')
  })

  it('on what has not arrived yet does not hold', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.forge('client', hex('81'))
    const holds = (text: string) => matches(condition(text), lab.capture, 0, lab.capture.end, 'clientToServer')
    expect(holds('kind=frame')).toBe(true)
    expect(holds('opcode=text')).toBe(false)
    lab.forge('client', hex('fe ffff 00000000 4141'))
    expect(holds('opcode=text size=65535 "AA"')).toBe(true)
    expect(holds('"AAA"')).toBe(false)
  })

  it('looks for text in the first 64 KiB of a payload', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: `${'a'.repeat(65_530)}NEEDLE${'a'.repeat(1000)}LATE` })
    const holds = (text: string) => matches(condition(text), lab.capture, 0, lab.capture.end, 'clientToServer')
    expect(holds('"NEEDLE"')).toBe(true)
    expect(holds('"LATE"')).toBe(false)
  })

  it('earlier in the record holds where it would have held live', () => {
    for (const dialect of dialectIds) {
      const { capture } = converse(createLab(dialect))
      expect(stopsRecorded(capture, 'lane=client opcode=text')).toEqual(['text'])
      expect(stopsRecorded(capture, 'state=client:CLOSE_DONE')).toEqual(['close'])
      expect(stopsRecorded(capture, 'state=server:CLOSE_RECEIVED')).toEqual(['close'])
      expect(stopsRecorded(capture, 'state=client:CLOSED')).toEqual(['FIN'])
      expect(stopsRecorded(capture, 'fault=any')).toEqual([])
    }
    const lab = createLab('hello-00')
    lab.step('unit')
    lab.edit('serverToClient', 190, 1, Uint8Array.of(0))
    lab.settle()
    expect(stopsRecorded(lab.capture, 'fault=hello.digest')).toEqual(['Hello'])
  })
})

describe('the language of conditions', () => {
  it.each([
    ['lane=client', { lane: 'clientToServer' }],
    ['lane=serverToClient', { lane: 'serverToClient' }],
    [' kind=frame  opcode=text ', { kind: 'frame', opcode: 'text' }],
    ['size>=126', { size: { least: 126 } }],
    ['size<=10 size>=2', { size: { least: 2, most: 10 } }],
    ['size=0', { size: { least: 0, most: 0 } }],
    ['"say \\"hi\\" \\u0041\\n"', { text: 'say "hi" A\n' }],
    ['/a\\/b c[/]d"/i', { pattern: { source: 'a\\/b c[/]d"', flags: 'i' } }],
    ['fault=any', { fault: 'any' }],
    ['fault=hello.digest', { fault: 'hello.digest' }],
    ['state=client:OPEN', { state: { end: 'client', name: 'OPEN' } }],
  ])('reads %s', (text, value) => {
    expect(parseCondition(text)).toEqual({ ok: true, value })
  })

  it.each([
    ['', 'needs a condition'],
    ['lane=north', '"north" is no lane'],
    ['colour=red', '"colour" is no condition'],
    ['text', '"text" is no condition'],
    ['kind>=3', 'Only size can be compared'],
    ['size=many', 'whole number of bytes, not "many"'],
    ['size>=-1', 'whole number of bytes, not "-1"'],
    ['size>=9 size<=3', 'at least 9 and at most 3'],
    ['opcode=text opcode=ping', '"opcode=ping" says again'],
    ['size=3 size>=2', '"size>=2" says again'],
    ['fault=hello.digist', '"hello.digist" is no fault'],
    ['state=OPEN', 'an end and a state'],
    ['state=client:ASLEEP', '"ASLEEP" is no state'],
    ['state=client:constructor', '"constructor" is no state'],
    ['"unclosed', 'not closed'],
    ['/unclosed', 'not closed'],
    ['"a"b"', 'not closed'],
    ['/(/', 'cannot be used'],
    ['/a/g', 'flags "g"'],
    ['""', 'empty text'],
    ['"\\q"', 'escape'],
  ])('says what is wrong with %s', (text, words) => {
    const parsed = parseCondition(text)
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(words) })
  })

  const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

  it('reads back what it writes', () => {
    const states = ['OPEN', 'CLOSED', 'AWAITING_REQUEST'] as const
    const anyCondition = fc
      .record({
        lane: option(fc.constantFrom(...lanes)),
        kind: option(fc.constantFrom('request' as const, 'frame' as const, 'junk' as const)),
        opcode: option(fc.constantFrom('text' as const, 'hello' as const)),
        size: option(
          fc.oneof(
            fc.nat().map((least) => ({ least })),
            fc.nat().map((most) => ({ most })),
            fc.nat().map((n) => ({ least: n, most: n })),
            fc.nat().map((n) => ({ least: n, most: n + 1 })),
          ),
        ),
        text: option(fc.string({ unit: 'binary', minLength: 1 })),
        pattern: option(fc.constantFrom({ source: 'a+', flags: '' }, { source: '[\\/"] \\d', flags: 'iu' })),
        fault: option(fc.constantFrom('any' as const, ...faultCodes)),
        state: option(fc.record({ end: fc.constantFrom(...roles), name: fc.constantFrom(...states) })),
      })
      .map(
        (all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as BreakCondition,
      )
      .filter((each) => Object.keys(each).length > 0)
    fc.assert(
      fc.property(anyCondition, (each) => {
        expect(parseCondition(formatCondition(each))).toEqual({ ok: true, value: each })
      }),
    )
  })
})
