import { describe, expect, it } from 'vitest'
import { hasTokensOnly, parseExtensions } from '../../../shared/extensions/grammar.ts'

describe('a list of extensions', () => {
  it.each([
    ['permessage-deflate', ['permessage-deflate']],
    ['a; b; c=1, d;e="2"', ['a', 'd']],
    ['a; v="1, b; \\"c\\"" , d', ['a', 'd']],
    ['\ta ,\tb ', ['a', 'b']],
  ])('%s names its extensions in order', (text, names) => {
    expect(parseExtensions(text)?.map(({ name }) => name)).toEqual(names)
  })

  it.each([
    ['a; b="c"; d=e; f', true],
    ['a; b="c\\.d"', true],
    ['a; b="c d"', false],
    ['a; b=""', false],
  ])('%s: every quoted value stands for a token: %s', (text, expected) => {
    expect(hasTokensOnly(parseExtensions(text)!)).toBe(expected)
  })

  it.each(['', ',', 'a,', 'a b', 'a;', 'a; b=', 'a; b="c', 'a; =c', '(a)', 'a;; b'])(
    '%j does not follow the grammar',
    (text) => {
      expect(parseExtensions(text)).toBeNull()
    },
  )
})
