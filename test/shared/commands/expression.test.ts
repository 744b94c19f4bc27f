import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestPattern } from '../../../shared/bytes/pattern.ts'
import { longestExpression, parseExpression } from '../../../shared/commands/expressionGrammar.ts'
import { faultCodes } from '../../../shared/faults/catalogue.ts'

function refused(text: string): string {
  const parsed = parseExpression(text)
  if (parsed.ok) throw new Error(`${text} was read`)
  return parsed.error
}

const text = (wanted: string) => ({ kind: 'text', text: wanted })

describe('an expression', () => {
  it.each([
    ['lane client', { kind: 'lane', lane: 'clientToServer' }],
    ['lane=serverToClient', { kind: 'lane', lane: 'serverToClient' }],
    ['kind dropped', { kind: 'kind', unit: 'dropped' }],
    ['opcode text', { kind: 'opcode', opcode: 'text' }],
    ['opcode 0xb', { kind: 'opcode', opcode: 11 }],
    ['opcode 0xff', { kind: 'opcode', opcode: 255 }],
    ['size>=126', { kind: 'size', comparison: '>=', bytes: 126 }],
    ['size != 0', { kind: 'size', comparison: '!=', bytes: 0 }],
    ['time < 1.5s', { kind: 'time', comparison: '<', milliseconds: 1500 }],
    ['time >= 250ms', { kind: 'time', comparison: '>=', milliseconds: 250 }],
    ['time > 2', { kind: 'time', comparison: '>', milliseconds: 2000 }],
    ['text contains "x"', text('x')],
    ['"say \\"hi\\" \\u0041\\n"', text('say "hi" A\n')],
    ['/a\\/b c[/]d"/i', { kind: 'pattern', source: 'a\\/b c[/]d"', flags: 'i' }],
    ['bytes 81 7e', { kind: 'bytes', bytes: Uint8Array.of(0x81, 0x7e) }],
    ['bytes=817E', { kind: 'bytes', bytes: Uint8Array.of(0x81, 0x7e) }],
    ['fault', { kind: 'fault', fault: 'any' }],
    ['fault=any', { kind: 'fault', fault: 'any' }],
    ['fault hello.digest', { kind: 'fault', fault: 'hello.digest' }],
    ['state client:OPEN', { kind: 'state', end: 'client', state: 'OPEN' }],
    ['connection 2', { kind: 'connection', connection: 2 }],
    ['not "a"', { kind: 'not', part: text('a') }],
  ])('reads %s', (typed, value) => {
    expect(parseExpression(typed)).toEqual({ ok: true, value })
  })

  it('binds not tighter than and, and and tighter than or; parentheses come first', () => {
    const value = (typed: string) => parseExpression(typed)
    const [a, b, c] = ['a', 'b', 'c'].map(text)
    expect(value('"a" or "b" and not "c"')).toEqual({
      ok: true,
      value: { kind: 'or', parts: [a, { kind: 'and', parts: [b, { kind: 'not', part: c }] }] },
    })
    expect(value('("a" or "b") and "c"')).toEqual({
      ok: true,
      value: { kind: 'and', parts: [{ kind: 'or', parts: [a, b] }, c] },
    })
  })

  it('takes conditions side by side as and, as breakpoints are typed', () => {
    expect(parseExpression(' lane=client  fault "a" ')).toEqual(parseExpression('lane client and fault any and "a"'))
  })

  it.each([
    ['', 'Say what to look for'],
    ['lane north', '"north" at column 6 is no lane: client, server'],
    ['lane', 'The end, at column 5, stands where lane wants a value'],
    ['colour red', '"colour" at column 1 is no condition'],
    ['opcod text', 'did you mean opcode?'],
    ['kind>=3', 'Only size and time are compared with >= (column 5)'],
    ['opcode 256', '"256" at column 8 is no opcode'],
    ['size >= many', '"many" at column 9 is no size'],
    ['size 3', '"3" at column 6 stands where size wants a comparison'],
    ['time > soon', '"soon" at column 8 is no time: write 1.5s'],
    ['text "x"', '"x" at column 6 stands where contains should'],
    ['text contains x', '"x" at column 15 has to be in quotes'],
    ['fault hello.digist', '"hello.digist" at column 7 is no fault: did you mean hello.digest?'],
    ['state OPEN', '"OPEN" at column 7 is no end and state'],
    ['state client:ASLEEP', '"ASLEEP" at column 7 is no state'],
    ['state client:constructor', '"constructor" at column 7 is no state'],
    ['constructor', '"constructor" at column 1 is no condition'],
    ['bytes 8', '"8" at column 7 is no byte in hex'],
    ['connection x', '"x" at column 12 is no number'],
    ['"a" and', 'The end, at column 8, is no condition'],
    ['("a"', 'The ( at column 1 is never closed'],
    ['"a")', 'The ) at column 4 closes nothing'],
    ['!"a"', '"!" at column 1 means nothing here: "not" is written as a word'],
    ['lane client "unclosed', 'The quote at column 13 is never closed'],
    ['/unclosed', 'The pattern at column 1 is never closed'],
    ['/(/', 'The pattern /(/ at column 1 cannot be used: missing closing )'],
    ['/(?=a)/', 'cannot be used'],
    ['/a/g', 'The pattern /a/ at column 1 has the flag "g"'],
    [`/${'a'.repeat(longestPattern + 1)}/`, `is longer than ${longestPattern} characters`],
    ['""', 'The empty text at column 1'],
    ['"\\q"', 'has an escape that is not known'],
    ['('.repeat(200), 'nested more than 100 deep'],
    ['"a" '.repeat(longestExpression), `at most ${longestExpression} characters`],
  ])('says what is wrong with %.40s, and where', (typed, words) => {
    expect(refused(typed)).toContain(words)
  })

  it('is read or refused with one sentence, whatever is typed', () => {
    const piece = fc.oneof(
      fc.constantFrom('lane', 'client', 'and', 'or', 'not', '(', ')', 'size', '>=', '3', '"a"', '/b/', 'bytes', '81'),
      fc.constantFrom('fault', 'text', 'contains', '=', ...faultCodes),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const parsed = parseExpression(pieces.join(' '))
        if (!parsed.ok) expect(parsed.error).toMatch(/[.?]$/)
      }),
      { seed: 455, numRuns: 500 },
    )
  })
})
