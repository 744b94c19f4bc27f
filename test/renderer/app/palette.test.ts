import { describe, expect, it } from 'vitest'
import { paletteGroups } from '../../../renderer/app/palette.ts'
import { commandNamed, commandsOn } from '../../../shared/commands/registry.ts'

const entries = paletteGroups().flatMap((group) => group.entries)
const names = entries.map(({ name }) => name)

describe('the palette', () => {
  it('has every command of the window and of the console, once, but not itself', () => {
    const wanted = [...new Set([...commandsOn('window'), ...commandsOn('console')])].filter(
      (name) => name !== 'palette',
    )
    expect([...names].sort()).toEqual(wanted.sort())
  })

  it('has no command that only a terminal has', () => {
    expect(names).not.toContain('serve')
  })

  it('calls commands as the table does', () => {
    for (const { name, title } of entries) expect(title).toBe(commandNamed(name).title)
  })

  it('finishes in the console what needs more words, and runs the rest at once', () => {
    const more = (wanted: string) => entries.find(({ name }) => name === wanted)?.more
    expect([more('send'), more('note'), more('step unit'), more('open')]).toEqual([true, true, false, false])
  })
})
