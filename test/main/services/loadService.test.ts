import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadService } from '../../../main/services/loadService.ts'
import { must } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { hosted, visit } from './services.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-service-'))

function moduleOf(name: string, code: string): string {
  const path = join(folder, name)
  writeFileSync(path, code)
  return path
}

describe('a service by name', () => {
  it('is one of ours, or the default export of a module', async () => {
    const shout = moduleOf(
      'shout.mjs',
      'export default { message: (session, data) => session.send(data.toUpperCase()) }',
    )
    const { host } = await hosted(must(await loadService(shout)))
    const guest = await visit(host.url)
    guest.say('hello')
    await until(() => guest.messages.length === 1)
    expect(guest.messages).toEqual(['HELLO'])
    for (const name of ['echo', 'chat', 'quotes']) expect(await loadService(name)).toMatchObject({ ok: true })
  })

  it.each([
    ['no module', 'ecco', 'There is no service "ecco": name echo, chat, quotes'],
    ['no file', join(folder, 'none.mjs'), 'cannot be loaded'],
    ['code that fails', moduleOf('throws.mjs', 'throw new Error("out of order")'), 'out of order'],
    ['nothing exported', moduleOf('empty.mjs', 'export const x = 1'), 'exports no service'],
    ['an unknown part', moduleOf('typo.mjs', 'export default { mesage() {} }'), 'has "mesage", which is none of'],
    ['a part that is no function', moduleOf('text.mjs', 'export default { message: 1 }'), '"message" of the service'],
  ])('is refused with a sentence: %s', async (_, name, sentence) => {
    expect(await loadService(name)).toEqual({ ok: false, error: expect.stringContaining(sentence) })
  })
})
