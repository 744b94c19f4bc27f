import { describe, expect, it } from 'vitest'
import { addLine, hitOf, parts, withPart } from '../../../../renderer/features/breakpoints/breakpoints.ts'
import { parseExpression } from '../../../../shared/commands/expressionGrammar.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'

describe('a breakpoint that is typed', () => {
  it('becomes the line of the console, quotes and slashes as typed', () => {
    const line = addLine('  opcode=text "hel lo" /a b/i ')
    expect(line).toEqual({ ok: true, value: 'break add opcode=text "hel lo" /a b/i' })
    expect(parseLine(line.ok ? line.value : '')).toMatchObject({
      ok: true,
      value: { args: { condition: 'opcode=text "hel lo" /a b/i' } },
    })
  })

  it.each([
    ['', 'Say what to look for'],
    ['opcode=txet', '"txet" at column 8 is no opcode'],
    ['size>=many', '"many" at column 7 is no size'],
  ])('is refused when it is %j, in words', (typed, error) => {
    expect(addLine(typed)).toMatchObject({ ok: false, error: expect.stringContaining(error) })
  })
})

it.each(parts)('the help offers $typed, which can be read', ({ typed }) => {
  expect(parseExpression(typed).ok).toBe(true)
})

it('a part of the help is put behind what is typed', () => {
  expect([withPart('', 'lane=client'), withPart('opcode=text ', 'lane=client')]).toEqual([
    'lane=client',
    'opcode=text lane=client',
  ])
})

it('the breakpoint that stopped a run is found by its number', () => {
  expect(['breakpoint 12: opcode=text', 'something else', null].map(hitOf)).toEqual([12, null, null])
})
