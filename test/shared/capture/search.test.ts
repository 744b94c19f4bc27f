import { describe, expect, it } from 'vitest'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMatcher, type Matcher, mostHits } from '../../../shared/capture/matcher.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { Cursor } from '../../../shared/capture/record.ts'
import { doneSubject } from '../../../shared/capture/rowSubjects.ts'
import { createRowSearch, matchedRows, matchingLadderRows } from '../../../shared/capture/search.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { worldAt } from '../../../shared/capture/viewsUnits.ts'
import { parseExpression } from '../../../shared/commands/expressionGrammar.ts'
import { converse, createLab, type Lab } from './lab.ts'
import { hex } from './logs.ts'

function matcher(text: string): Matcher {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return createMatcher(parsed.value)
}

function labelsOf({ capture }: Lab, text: string, cursor: Cursor = capture.end): string[] {
  const search = createRowSearch(capture, 0, matcher(text))
  while (search.advance(3));
  return matchingLadderRows(capture, cursor, search, 0, 1000).rows.map(({ label }) => label)
}

describe('a search', () => {
  const lab = converse(createLab('rfc6455'))

  it.each([
    ['kind request', ['GET /demo']],
    ['lane client and opcode text', ['text']],
    ['lane server opcode continuation or opcode text lane client', ['text', 'continuation', 'continuation']],
    ['opcode 9', ['ping']],
    ['size >= 126 and kind frame', ['binary']],
    ['size = 0 kind frame', ['binary', 'close', 'close']],
    ['text contains "good"', ['text']],
    ['/^HELLO$/i', ['text']],
    ['bytes 81 85', ['text']],
    ['bytes 68 65 6c 6c 6f', ['text']],
    ['kind fin', ['FIN', 'FIN']],
    ['state client:OPEN', ['101 Switching Protocols']],
    ['state server:OPEN', ['GET /demo']],
    ['fault', []],
    ['connection 1', []],
    ['connection 0 and not kind frame', ['GET /demo', '101 Switching Protocols', 'FIN', 'FIN']],
  ])('for %s finds those rows', (text, labels) => {
    expect(labelsOf(lab, text)).toEqual(labels)
  })

  it('for a time finds what was delivered then, counted from the first record', () => {
    const { total } = ladderRows(lab.capture, 0, lab.capture.end, 0, 0)
    const early = labelsOf(lab, 'time < 100ms').length
    expect(early).toBeGreaterThan(0)
    expect(labelsOf(lab, 'time >= 0.1s')).toHaveLength(total - early)
  })

  it('shows what matches as of a cursor, held units among it', () => {
    const open = createLab('rfc6455')
    open.settle()
    const before = open.capture.end
    open.act('client', { kind: 'sendText', text: 'one' })
    expect(labelsOf(open, 'opcode text')).toEqual(['text'])
    expect(labelsOf(open, 'opcode text', before)).toEqual([])
    open.settle()
    expect(labelsOf(open, 'opcode text')).toEqual(['text'])
    expect(labelsOf(open, 'opcode text', before)).toEqual([])
  })

  it('goes on where it stopped when the log grows', () => {
    const growing = createLab('hello-00')
    growing.settle()
    const search = createRowSearch(growing.capture, 0, matcher('opcode text'))
    while (search.advance(1));
    expect(matchedRows(growing.capture, growing.capture.end, search).total).toBe(0)
    growing.act('client', { kind: 'sendText', text: 'late' })
    growing.settle()
    while (search.advance(1));
    expect(matchedRows(growing.capture, growing.capture.end, search).total).toBe(1)
    expect(search.searched).toBe(growing.capture.connection(0).rowCount)
  })

  it('for a fault finds the unit that breaks the rule', () => {
    const forged = createLab('rfc6455')
    forged.settle()
    forged.forge('client', hex('81 01 41'))
    forged.settle()
    expect(labelsOf(forged, 'fault')).toEqual(['text'])
    expect(labelsOf(forged, 'fault mask.missing')).toEqual(['text'])
    expect(labelsOf(forged, 'fault utf8.invalid')).toEqual([])
  })
})

describe('a text', () => {
  it('is found in what was deflated, also where one frame refers to the one before', () => {
    const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), {})
    lab.settle()
    for (const text of ['a needle in a haystack', 'nothing', 'a needle in a haystack']) {
      lab.act('client', { kind: 'sendText', text })
    }
    lab.settle()
    expect(labelsOf(lab, '"needle in"')).toEqual(['text', 'text'])
    expect(labelsOf(lab, 'bytes 6e6f7468696e67')).toEqual(['text'])
    const world = worldAt(lab.capture, 0, lab.capture.end)
    const { span } = world.connection.row(2)
    expect(matcher('/need/').hits(doneSubject(world, 2))).toEqual([{ start: span.start + 6, end: span.end }])
  })

  it('is found across the fragments of a message, at its first frame', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('server', { kind: 'sendText', text: 'needle', fragments: 3 })
    lab.settle()
    expect(labelsOf(lab, '"needle"')).toEqual(['text'])
    expect(labelsOf(lab, '/^le$/')).toEqual(['continuation'])
  })
})

describe('what a match shows', () => {
  function hitsIn(
    text: string,
    sent: string | Uint8Array,
  ): { readonly at: number; readonly hits: (number | undefined)[][] } {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('client', typeof sent === 'string' ? { kind: 'sendText', text: sent } : { kind: 'sendBinary', bytes: sent })
    lab.settle()
    const world = worldAt(lab.capture, 0, lab.capture.end)
    const row = world.connection.row(2)
    const payload = row.span.start + 6
    const hits = matcher(text).hits(doneSubject(world, 2))
    return { at: payload, hits: hits.map(({ start, end }) => [start - payload, end - payload]) }
  }

  it('is every place of the text in the payload, in bytes, though a mask hides it', () => {
    expect(hitsIn('"é"', 'aéé b é').hits).toEqual([
      [1, 3],
      [3, 5],
      [8, 10],
    ])
    expect(hitsIn('/b+/', 'abbab').hits).toEqual([
      [1, 3],
      [4, 5],
    ])
    expect(hitsIn('bytes 0102', Uint8Array.of(1, 2, 0, 1, 2)).hits).toEqual([
      [0, 2],
      [3, 5],
    ])
  })

  it('is nothing for a pattern that matches no character, or for what a not is about', () => {
    expect(hitsIn('/x*/', 'abc').hits).toEqual([])
    expect(hitsIn('not "z"', 'abc').hits).toEqual([])
  })

  it('is bounded', () => {
    expect(hitsIn('"a"', 'a'.repeat(mostHits * 3)).hits).toHaveLength(mostHits)
  })
})

describe('a pattern that would run away in other engines', () => {
  it('takes time in proportion to the text', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: `${'a'.repeat(60_000)}!` })
    lab.settle()
    expect(labelsOf(lab, '/^(a+)+$/')).toEqual([])
    expect(labelsOf(lab, '/^(a|aa)*!$/')).toEqual(['text'])
  })
})
