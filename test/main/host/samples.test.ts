import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Host } from '../../../main/host/host.ts'
import { openHost } from '../../../main/host/open.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import type { Push, SampleView } from '../../../shared/ipc/contract.ts'
import { servedSamples } from '../../../shared/samples/names.ts'
import { must } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { visit } from '../services/services.ts'

function openWirestep(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-samples-'))
  const host = openHost({ kind: 'browser', folder, pickFile: async () => null })
  onTestFinished(() => host.workspace.shutdown())
  return host
}

async function start(host: Host, words: string): Promise<SampleView> {
  must(await host.perform(`sample ${words}`))
  return host.app().sample!
}

/** Whether somebody listens there. */
function answers(url: string): Promise<boolean> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true))
    socket.once('error', () => resolve(false))
    onTestFinished(() => void socket.destroy())
  })
}

describe.each(servedSamples)('the sample %s', (name) => {
  it.each(dialectIds)('serves %s behind a tap that records every connection', async (dialect) => {
    const host = openWirestep()
    const { url, run } = await start(host, `${name} --dialect ${dialect}`)
    const guest = await visit(url, { dialect })
    guest.say(name === 'chat' ? '{"type":"join","name":"Ann"}' : '{"type":"subscribe","symbol":"ACME"}')
    await until(() => guest.messages.length > 1 || (name === 'chat' && guest.messages.length > 0))
    const view = host.workspace.current!.view()
    expect(view).toMatchObject({ id: run, dialect, source: 'live', connectionCount: 1 })
    await until(() => host.workspace.current!.view().rowsTotal > 2)
  })
})

describe('a sample', () => {
  it('takes the place of the one before, whose server and run are closed', async () => {
    const host = openWirestep()
    const pushes: Push[] = []
    host.subscribe((push) => pushes.push(push))
    const first = await start(host, 'chat')
    const second = await start(host, 'quotes --dialect rfc6455')
    expect(second).toMatchObject({ name: 'quotes', dialect: 'rfc6455' })
    expect(host.workspace.runs.map(({ id }) => id)).toEqual([second.run])
    expect([await answers(first.url), await answers(second.url)]).toEqual([false, true])
    expect(pushes.filter(({ kind }) => kind === 'app').at(-1)).toMatchObject({ app: { sample: second } })
  })

  it('is over when its run is closed', async () => {
    const host = openWirestep()
    const { url, run } = await start(host, 'chat')
    const guest = await visit(url, { dialect: 'hello-00' })
    must(await host.perform(`close-run ${run}`))
    expect(host.app().sample).toBeNull()
    await guest.connection.closed
    expect(await answers(url)).toBe(false)
  })
})
