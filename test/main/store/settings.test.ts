import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultSettings, openSettings } from '../../../main/store/settings.ts'
import type { RecentSession } from '../../../shared/ipc/contract.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirestep-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = () => join(folder, 'settings.json')

function session(name: string): RecentSession {
  const file = join(folder, name)
  writeFileSync(file, '')
  return { path: file, title: name, dialect: 'hello-00', time: 1, size: 0 }
}

describe('settings', () => {
  it('are the defaults, without complaint, when there is no file yet', () => {
    const settings = openSettings(path())
    expect([settings.settings, settings.recent(), settings.warning]).toEqual([defaultSettings, [], null])
  })

  it('are remembered, a change at a time', () => {
    const first = openSettings(path())
    expect(first.update({ theme: 'dark' })).toEqual({ ok: true, value: { theme: 'dark', profile: null, layout: {} } })
    first.update({ layout: { main: [20, 50, 30] } })
    expect(openSettings(path()).settings).toEqual({ theme: 'dark', profile: null, layout: { main: [20, 50, 30] } })
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })

  it.each(['', 'not json', '[]', '{"settings":{"theme":"pink","layout":{}},"recent":[]}'])(
    'are the defaults, with a warning, when the file says %j',
    (text) => {
      writeFileSync(path(), text)
      const settings = openSettings(path())
      expect(settings.settings).toEqual(defaultSettings)
      expect(settings.warning).toMatch(
        /^The settings in .*settings\.json cannot be understood, so the defaults are used/,
      )
      expect(readFileSync(path(), 'utf8')).toBe(text)
    },
  )

  it('are in force even when they cannot be written, and say so', () => {
    const settings = openSettings(join(path(), 'below', 'settings.json'))
    writeFileSync(path(), '')
    const result = settings.update({ theme: 'light' })
    expect(result).toEqual({ ok: false, error: expect.stringMatching(/^Could not write the settings to .+\.$/) })
    expect(settings.settings.theme).toBe('light')
  })
})

describe('the recent sessions', () => {
  it('of two windows are all kept, whoever writes last', () => {
    const [one, other] = [openSettings(path()), openSettings(path())]
    one.addRecent(session('of one'))
    other.addRecent(session('of the other'))
    one.update({ theme: 'dark' })
    const titles = ['of the other', 'of one']
    expect(one.recent().map(({ title }) => title)).toEqual(titles)
    expect(
      openSettings(path())
        .recent()
        .map(({ title }) => title),
    ).toEqual(titles)
    expect(openSettings(path()).settings.theme).toBe('dark')
  })

  it('are newest first, each once, at most 20, and only those still there', () => {
    const settings = openSettings(path())
    const sessions = Array.from({ length: 22 }, (_, index) => session(`${index}.pcapng`))
    for (const each of sessions) settings.addRecent(each)
    settings.addRecent({ ...sessions[5]!, size: 9 })
    rmSync(sessions[21]!.path)
    const recent = openSettings(path()).recent()
    expect(recent[0]).toEqual({ ...sessions[5], size: 9 })
    expect(recent.map(({ title }) => title)).toEqual(
      [5, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((index) => `${index}.pcapng`),
    )
  })
})
