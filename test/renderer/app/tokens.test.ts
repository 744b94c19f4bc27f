import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// WCAG 2.2 §1.4.3: text needs 4.5:1; §1.4.11: what shows a control needs 3:1.
const css = readFileSync(new URL('../../../renderer/app/tokens.css', import.meta.url), 'utf8')

type Colour = readonly [number, number, number]
type Theme = ReadonlyMap<string, Colour>

function themeOf(name: string): Theme {
  const [, block = ''] = new RegExp(`\\[data-theme="${name}"\\] \\{([^}]*)\\}`).exec(css) ?? []
  return new Map(
    Array.from(block.matchAll(/(--[a-z-]+): #([0-9a-f]{6});/g), ([, token = '', hex = '']) => {
      const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16)
      return [token, [part(0), part(2), part(4)]]
    }),
  )
}

function tintOf(name: string): number {
  const [, tint = ''] = new RegExp(`\\[data-theme="${name}"\\][^}]*--tint-selected: (\\d+)%`).exec(css) ?? []
  return Number(tint) / 100
}

function colour(theme: Theme, token: string): Colour {
  const found = theme.get(token)
  if (!found) throw new Error(`no ${token}`)
  return found
}

function mix(a: Colour, b: Colour, part: number): Colour {
  return [0, 1, 2].map((index) => (a[index] ?? 0) * part + (b[index] ?? 0) * (1 - part)) as unknown as Colour
}

function luminance(parts: Colour): number {
  const [r, g, b] = parts.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as unknown as Colour
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: Colour, b: Colour): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const roles = 'start name value separator flag opcode length mask nonce digest text binary code junk'.split(' ')
const texts = ['--ink', '--dim', '--faint', '--client', '--server', '--fault', '--warning', '--ok', '--held']

describe.each(['dark', 'light'])('the %s theme', (name) => {
  const theme = themeOf(name)
  const grounds = ['--bg', '--panel', '--raised', '--sel'].map((token) => [token, colour(theme, token)] as const)

  it.each(texts)('shows text in %s at 4.5:1 on every ground', (token) => {
    for (const [ground, under] of grounds) {
      expect(contrast(colour(theme, token), under), `${token} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(roles)('shows delivered %s bytes at 4.5:1, plain and inside the selected unit', (role) => {
    for (const [ground, under] of grounds) {
      expect(contrast(colour(theme, `--c-${role}`), under), `${role} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(roles)('shows held %s bytes at 4.5:1 although they are dim', (role) => {
    const held = mix(colour(theme, `--c-${role}`), colour(theme, '--held'), 0.42)
    expect(contrast(held, colour(theme, '--bg'))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(roles)('shows selected %s bytes at 4.5:1 on their own tint, delivered or held', (role) => {
    const own = colour(theme, `--c-${role}`)
    const tinted = mix(own, colour(theme, '--bg'), tintOf(name))
    expect(contrast(own, tinted)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(mix(own, colour(theme, '--held'), 0.8), tinted)).toBeGreaterThanOrEqual(4.5)
  })

  it('shows the primary button at 4.5:1 and the edges of inputs at 3:1', () => {
    expect(contrast(colour(theme, '--accent-ink'), colour(theme, '--accent'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour(theme, '--edge'), colour(theme, '--panel'))).toBeGreaterThanOrEqual(3)
    expect(contrast(colour(theme, '--accent'), colour(theme, '--bg'))).toBeGreaterThanOrEqual(3)
  })
})
