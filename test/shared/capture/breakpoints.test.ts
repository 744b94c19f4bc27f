import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { holdsBefore } from '../../../shared/capture/breakpoints.ts'
import { createMatcher, type Matcher } from '../../../shared/capture/matcher.ts'
import type { Cursor } from '../../../shared/capture/record.ts'
import { cursorAfter, nextLane } from '../../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { parseExpression } from '../../../shared/commands/expressionGrammar.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { converse, createLab, type Lab } from './lab.ts'
import { hex } from './logs.ts'

function condition(text: string): Matcher {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return createMatcher(parsed.value)
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
    if (holdsBefore(condition(text), capture, 0, capture.end, lane)) stops.push(nextOn(capture, capture.end, lane))
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
    if (holdsBefore(condition(text), capture, 0, cursor, lane)) stops.push(nextOn(capture, cursor, lane))
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

/** Dialects with frames of every name; what the others have is below. */
const withPings = dialects.filter(({ framing }) => framing === 'lengthPrefixed').map(({ id }) => id)

describe('a condition', () => {
  it.each(['hixie-75', 'hixie-76'] as const)('of %s finds texts by name, content and size', (dialect) => {
    const stopsOf = (text: string) => {
      const lab = createLab(dialect)
      lab.settle()
      lab.act('client', { kind: 'sendText', text: 'hello, world' })
      lab.act('client', { kind: 'sendText', text: '' })
      return stopsLive(lab, text)
    }
    expect(stopsOf('opcode=text')).toEqual(['text', 'text'])
    expect(stopsOf('size>=12 size<=12')).toEqual(['text'])
    expect(stopsOf('size=0')).toEqual(['text'])
    expect(stopsOf('/^HELLO.*d$/i')).toEqual(['text'])
    expect(stopsOf('opcode=binary')).toEqual([])
  })

  it('on challenges holds before the bytes behind either head', () => {
    expect(stopsLive(createLab('hybi-03'), 'kind=challenge')).toEqual(['key 3', 'proof'])
    expect(stopsLive(createLab('hixie-76'), 'state=server:OPEN')).toEqual(['key 3'])
    expect(stopsLive(createLab('hixie-76'), 'state=client:OPEN')).toEqual(['proof'])
  })

  it.each(withPings)('of %s holds before the first byte of the unit that meets it, and inside none', (dialect) => {
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
    expect(stopsOf('opcode text or (size = 0 and lane client)')).toEqual(['text', 'ping'])
    expect(stopsOf('kind frame and not (opcode text or opcode binary)')).toEqual(['ping', 'pong'])
    expect(stopsOf('bytes 68 65 6c 6c 6f')).toEqual(['text'])
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
      holdsBefore(condition('state=server:OPEN'), lab.capture, 0, lab.capture.end, 'clientToServer'),
    )
    expect(twice).toBe(true)
    expect(lab.capture.connection(0).stateAt('server', lab.capture.end)).toBe('AWAITING_REQUEST')
  })

  it('on what has not arrived yet does not hold', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.forge('client', hex('81'))
    const holds = (text: string) => holdsBefore(condition(text), lab.capture, 0, lab.capture.end, 'clientToServer')
    expect(holds('kind=frame')).toBe(true)
    expect(holds('opcode=text')).toBe(false)
    expect(holds('not opcode=text')).toBe(false)
    expect(holds('kind frame or opcode text')).toBe(true)
    expect(holds('size<5')).toBe(false)
    expect(holds('not size<5')).toBe(false)
    lab.forge('client', hex('fe ffff 00000000 4141'))
    expect(holds('opcode=text size=65535 "AA"')).toBe(true)
    expect(holds('"AAA"')).toBe(false)
  })

  it('looks for text in the first 64 KiB of a payload', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: `${'a'.repeat(65_530)}NEEDLE${'a'.repeat(1000)}LATE` })
    const holds = (text: string) => holdsBefore(condition(text), lab.capture, 0, lab.capture.end, 'clientToServer')
    expect(holds('"NEEDLE"')).toBe(true)
    expect(holds('"LATE"')).toBe(false)
  })

  it('earlier in the record holds where it would have held live', () => {
    for (const dialect of withPings) {
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
