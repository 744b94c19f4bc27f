import { describe, expect, it } from 'vitest'
import { ansiLine, prompt, promptWidth, withoutControls } from '../../../../renderer/features/console/colours.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
const bare = (text: string) => text.replaceAll(/\x1b\[[0-9;]*m/g, '')

describe('a line of the console', () => {
  it('reads the same without its colours', () => {
    const text = 'client → server  GET /demo  203 B   server: AWAITING_REQUEST → REQUEST_RECEIVED'
    expect(bare(ansiLine({ tone: 'client', text }))).toBe(text)
  })

  it('is coloured where it names the direction, and dim where it tells of states', () => {
    const line = ansiLine({ tone: 'client', text: 'client → server  GET /demo  203 B   server: A → B' })
    expect(line).toBe('\x1b[34mclient → server\x1b[0m  GET /demo  203 B\x1b[90m   server: A → B\x1b[0m')
  })

  it('cannot steer the terminal by what came off the wire', () => {
    const line = ansiLine({ tone: 'fault', text: 'got \x1b[2J\x07' })
    expect(line).toBe('\x1b[31mgot ·[2J·\x1b[0m')
    expect(withoutControls('a\r\nb')).toBe('a··b')
  })

  it('stands behind a prompt of known width', () => {
    expect(bare(prompt)).toHaveLength(promptWidth)
  })
})
