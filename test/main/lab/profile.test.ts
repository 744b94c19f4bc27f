// The profile in the lab and on a tap: the same refusals, in the same words.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectionRefusal, messageRefusal, refusal } from '../../../shared/profile/prototype2010.ts'
import { quiet, until } from '../net/sockets.ts'
import { freePrototypePort } from '../profile.ts'
import { must, openWorkspace, runAll } from './labs.ts'
import { tapTo } from './taps.ts'

const profile = 'prototype-2010'

describe('a lab with the profile', () => {
  it('sends neither 126 bytes nor anything binary, also in a fork and from a file', async () => {
    const workspace = openWorkspace()
    const run = must(await workspace.openLab({ dialect: 'hello-00', seed: 7, profile }))
    await runAll(run)
    const long = { kind: 'sendText', text: 'x'.repeat(126) } as const
    const error = messageRefusal(profile, 'text', 126)
    expect(await run.act('client', long)).toEqual({ ok: false, error })
    expect(await run.act('server', { kind: 'sendBinary', bytes: new Uint8Array() })).toMatchObject({ ok: false })
    const fork = must(await run.fork()).run
    expect(await fork.act('client', long)).toEqual({ ok: false, error })
    const { path } = run.view()
    await run.close()
    const opened = must(await workspace.openFile(path))
    expect(await opened.act('client', long)).toEqual({ ok: false, error })
  })

  it('has five connections at once, and a sixth once one is closed', async () => {
    const workspace = openWorkspace()
    const lab = () => workspace.openLab({ dialect: 'hello-00', profile })
    for (let count = 0; count < 5; count += 1) must(await lab())
    expect(await lab()).toEqual({ ok: false, error: connectionRefusal(profile, 5) })
    must(await workspace.openLab({ dialect: 'hello-00' }))
    must(await workspace.closeRun(1))
    must(await lab())
  })

  it.each([
    ['ws://127.0.0.1:8080/demo', refusal('ports', 'Port 8080')],
    ['wss://127.0.0.1:4502/demo', refusal('tls', 'wss:')],
  ])('does not ask for %s', async (url, error) => {
    expect(await openWorkspace().openLab({ dialect: 'hello-00', url, profile })).toEqual({ ok: false, error })
  })
})

describe('a lab without it', () => {
  it('asks for any port', async () => {
    const run = must(await openWorkspace().openLab({ dialect: 'hello-00', url: 'ws://example.com:8080/chat' }))
    const { capture } = run
    const request = capture.connection(1).readSent('clientToServer', 0, 1000)
    expect(Buffer.from(request).toString()).toMatch(/^GET \/chat HTTP\/1.1\r\n(.*\r\n)*Host: example.com:8080\r\n/)
  })

  it('refuses wss:, which it does not speak, in a sentence of its own', async () => {
    const asked = await openWorkspace().openLab({ dialect: 'hello-00', url: 'wss://example.com/' })
    expect(asked).toMatchObject({ ok: false, error: expect.stringMatching(/^The lab shows bytes in the clear/) })
  })
})

describe('a tap with the profile', () => {
  it('listens on no other port, for no wss: server and as no proxy', async () => {
    const { openTap } = openWorkspace()
    const tap = { profile, dialect: 'auto', mode: 'running' } as const
    const at = (port: number) => ({ host: '127.0.0.1', port })
    const upstream = 'ws://127.0.0.1:4502/'
    const refusals = [
      await openTap({ ...tap, listen: at(8080), upstream }),
      await openTap({ ...tap, listen: at(4503), upstream: 'wss://127.0.0.1:4502/' }),
      await openTap({ ...tap, listen: at(4503) }),
    ]
    expect(refusals).toEqual(
      [refusal('ports', 'Port 8080'), refusal('tls', 'wss:'), refusal('proxies', 'A proxy')].map((error) => ({
        ...{ ok: false, error },
      })),
    )
  })

  it('resets the sixth connection and says why', async () => {
    const upstream = await freePrototypePort()
    const server = createServer(quiet)
    await once(server.listen(upstream, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const listen = { host: '127.0.0.1', port: await freePrototypePort() }
    const { run, dial, sees } = await tapTo({ listen, upstream: `ws://127.0.0.1:${upstream}/`, profile })
    for (let count = 1; count <= 5; count += 1) {
      dial()
      await sees(({ connections }) => connections.length === count)
    }
    dial()
    await until(() => run.connections(5, 1).rows[0]?.state === 'refused')
    expect(run.connections(5, 1).rows[0]).toMatchObject({ state: 'refused', says: connectionRefusal(profile, 5) })
  })
})
