// Dialects behind intermediaries for the window: told as the runs end, stopped between two, and opened where they break.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Host } from '../../../main/host/host.ts'
import { openHost } from '../../../main/host/open.ts'
import type { SurvivalView } from '../../../shared/intermediaries/survival.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { must, temporaryFolder } from '../lab/labs.ts'

function openWirestep() {
  const folder = temporaryFolder()
  const host = openHost({ kind: 'browser', folder, pickFile: async () => null })
  onTestFinished(() => host.workspace.shutdown())
  const told: SurvivalView[] = []
  host.subscribe((push) => push.kind === 'survival' && told.push(push.survival))
  return { host, told, folder }
}

const view = (host: Host): RunView => host.workspace.current!.view()
const few = 'survive --dialects hixie-76,hello-00 --via relay,reverse-proxy'

describe('the command survive in the window', () => {
  it('tells which run goes on, and what each came to, as they end', async () => {
    const { host, told } = openWirestep()
    must(await host.perform(few))
    expect(told.map(({ done, running }) => [done.length, running && `${running.dialect} ${running.via}`])).toEqual([
      [0, 'hixie-76 relay'],
      [1, 'hixie-76 reverse-proxy'],
      [2, 'hello-00 relay'],
      [3, 'hello-00 reverse-proxy'],
      [4, null],
    ])
    expect(host.app().survival).toEqual(told.at(-1))
    expect(told.at(-1)?.done.map(({ outcome }) => outcome)).toEqual(['survives', 'fails', 'survives', 'survives'])
  })

  it('says in the console what the terminal says', async () => {
    const { host } = openWirestep()
    const lines = must(await host.perform(few)).map(({ text }) => text)
    expect(lines[0]).toBe('          relay     reverse-proxy')
    expect(lines.at(-1)).toMatch(/^hixie-76 behind reverse-proxy: handshake fails at step 4 \(server → client, 101/)
  })

  it('leaves no run and no recording behind', async () => {
    const { host, folder } = openWirestep()
    must(await host.perform(few))
    expect(host.workspace.runs).toEqual([])
    expect(readdirSync(join(folder, 'recordings'))).toEqual([])
  })

  it('stops between two runs, keeps what has ended, and can begin again', async () => {
    const { host } = openWirestep()
    const undo = host.subscribe((push) => {
      if (push.kind === 'survival' && push.survival.done.length === 1) void host.perform('stop survival')
    })
    const stopping = host.perform(few)
    must(await stopping)
    undo()
    expect(host.app().survival!.done.length).toBeLessThan(4)
    expect(host.app().survival!.running).toBe(null)
    must(await host.perform(few))
    expect(host.app().survival!.done).toHaveLength(4)
  })

  it('does not begin twice, and has nothing to stop when none goes on', async () => {
    const { host } = openWirestep()
    expect(await host.perform('stop survival')).toMatchObject({ ok: false, error: /^No dialect is being run/ })
    const first = host.perform(few)
    expect(await host.perform(few)).toMatchObject({ ok: false, error: /stop survival breaks that off/ })
    must(await first)
  })
})

describe('the command survival', () => {
  it('opens a run at the step where it breaks, on the leg it broke on, with the words why', async () => {
    const { host } = openWirestep()
    must(await host.perform(few))
    const { step, says } = host.app().survival!.done[1]!
    must(await host.perform('survival hixie-76 reverse-proxy'))
    expect(view(host)).toMatchObject({ source: 'lab', via: ['reverse-proxy'], rowsDone: step!.number, said: { says } })
    must(await host.perform('back'))
    expect(view(host).rowsDone).toBe(step!.number - 1)
  })

  it('opens one that survives at its end', async () => {
    const { host } = openWirestep()
    must(await host.perform('survival hello-00 reverse-proxy'))
    expect(view(host)).toMatchObject({ atEnd: true, connections: [{ states: { client: 'CLOSED' } }, {}] })
  })

  it('shows a poisoned cache with what the cache keeps', async () => {
    const { host } = openWirestep()
    must(await host.perform('survival hybi-03 cache'))
    expect(view(host).said).toMatchObject({ node: 'Cache', says: expect.stringMatching(/keep/i) })
  })
})
