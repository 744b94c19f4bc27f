// The sockets that a page has through the bridge, asked for as a page asks.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Host, PageLink } from '../../../main/host/host.ts'
import { openHost } from '../../../main/host/open.ts'
import { echo } from '../../../main/services/echo.ts'
import type { HostOptions } from '../../../main/services/hostService.ts'
import { defineService } from '../../../main/services/service.ts'
import type { DraftEvent } from '../../../shared/draft/transport.ts'
import type { Method, Payload, Push } from '../../../shared/ipc/contract.ts'
import { until } from '../net/sockets.ts'
import { hosted } from '../services/services.ts'

function openWirestep(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-sockets-'))
  const host = openHost({ kind: 'browser', folder, pickFile: async () => null })
  onTestFinished(() => host.workspace.shutdown())
  return host
}

interface Page {
  readonly link: PageLink
  /** What its sockets were told. */
  readonly told: readonly { readonly socket: number; readonly event: DraftEvent }[]
  ask<M extends Method>(method: M, payload: Payload<M>): ReturnType<PageLink['handle']>
  open(socket: number, url: string): ReturnType<PageLink['handle']>
}

function openPage(host: Host): Page {
  const told: { socket: number; event: DraftEvent }[] = []
  const tell = (push: Push) => {
    if (push.kind === 'draft') told.push({ socket: push.socket, event: push.event })
  }
  const link = host.connect({ origin: 'http://example.com', tell })
  onTestFinished(() => link.close())
  return {
    link,
    told,
    ask: (method, payload) => link.handle(method, payload),
    open: (socket, url) => link.handle('draftOpen', { socket, url, protocols: [], dialect: 'rfc6455', compress: true }),
  }
}

const kindsOf = ({ told }: Page, socket: number) =>
  told.filter((each) => each.socket === socket).map(({ event }) => event.kind)

/** An echo service, how many are connected to it, and where they say they come from. */
async function echoing(options: HostOptions = {}) {
  const origins: (string | null)[] = []
  const service = defineService({ ...echo, open: ({ origin }) => origins.push(origin) })
  const { host } = await hosted(service, options)
  return { url: host.url, sessions: host.sessions, origins }
}

describe('the sockets of a page', () => {
  it('are connected for it, say where the page comes from, and tell only it', async () => {
    const wirestep = openWirestep()
    const [page, other] = [openPage(wirestep), openPage(wirestep)]
    const { url, origins } = await echoing()
    expect(await page.open(1, url)).toEqual({ ok: true, value: null })
    await until(() => kindsOf(page, 1).includes('open'))
    await page.ask('draftSend', { socket: 1, data: Uint8Array.of(1, 2), size: 2 })
    await until(() => kindsOf(page, 1).includes('message'))
    expect(page.told.filter(({ event }) => event.kind === 'message' || event.kind === 'sent')).toEqual([
      { socket: 1, event: { kind: 'sent', size: 2 } },
      { socket: 1, event: { kind: 'message', data: Uint8Array.of(1, 2) } },
    ])
    await page.ask('draftClose', { socket: 1, code: 3000, reason: 'bye' })
    await until(() => kindsOf(page, 1).includes('close'))
    expect(page.told.at(-1)?.event).toMatchObject({ clean: true, code: 3000, reason: 'bye', failed: false })
    expect(origins).toEqual(['http://example.com'])
    expect(other.told).toEqual([])
  })

  it('cannot be reached by another page', async () => {
    const wirestep = openWirestep()
    const [page, other] = [openPage(wirestep), openPage(wirestep)]
    const { url } = await echoing()
    await page.open(1, url)
    await until(() => kindsOf(page, 1).includes('open'))
    await other.ask('draftAbort', { socket: 1 })
    await page.ask('draftSend', { socket: 1, data: 'still here', size: 10 })
    await until(() => kindsOf(page, 1).includes('message'))
    expect(other.told).toEqual([])
  })

  it.each(['close', 'renew'] as const)('are broken off when the page goes: %s', async (way) => {
    const page = openPage(openWirestep())
    const { url, sessions } = await echoing()
    await page.open(1, url)
    await page.open(2, url)
    await until(() => sessions.size === 2)
    page.link[way]()
    await until(() => sessions.size === 0)
    expect(kindsOf(page, 1)).not.toContain('close')
    await page.open(1, url)
    await until(() => sessions.size === 1)
  })

  it('are 64 at most; the next is told why it fails', async () => {
    const page = openPage(openWirestep())
    const { url } = await echoing()
    for (let socket = 0; socket <= 64; socket += 1) await page.open(socket, url)
    await until(() => kindsOf(page, 64).includes('close'))
    expect(page.told.find(({ socket }) => socket === 64)?.event).toMatchObject({
      failed: true,
      why: 'A page has at most 64 sockets at once: close one.',
    })
  })

  it('fail with a sentence where nobody listens', async () => {
    const page = openPage(openWirestep())
    await page.open(1, 'ws://127.0.0.1:9/')
    await until(() => page.told.length === 1)
    expect(page.told[0]?.event).toMatchObject({ kind: 'close', failed: true, code: 1006, why: /^Nothing listens on / })
  })

  it('are broken off when more waits to be sent than there is room for', async () => {
    const page = openPage(openWirestep())
    const { url } = await echoing()
    await page.open(1, url)
    await until(() => kindsOf(page, 1).includes('open'))
    const data = new Uint8Array(8 * 1024 * 1024)
    // In one turn of the event loop, so that none can leave in between.
    for (let i = 0; i < 9; i += 1) void page.ask('draftSend', { socket: 1, data, size: data.length })
    await until(() => kindsOf(page, 1).includes('close'))
    expect(page.told.at(-1)?.event).toMatchObject({ kind: 'close', clean: false, failed: true })
  })

  it('take nothing that is not as agreed, and nothing from who is no page', async () => {
    const wirestep = openWirestep()
    const page = openPage(wirestep)
    expect(
      await page.link.handle('draftOpen', {
        socket: 1,
        url: 'ws://x/',
        protocols: [],
        dialect: 'hybi-99',
        compress: true,
      }),
    ).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^The request draftOpen is not as agreed at dialect/),
    })
    const data = 'x'.repeat(8 * 1024 * 1024 + 1)
    expect((await page.ask('draftSend', { socket: 1, data, size: data.length })).ok).toBe(false)
    expect(await wirestep.handle('draftAbort', { socket: 1 })).toEqual({ ok: false, error: 'Only a page has sockets.' })
    await page.open(1, 'ws://127.0.0.1:9/')
    expect(await page.open(1, 'ws://127.0.0.1:9/')).toEqual({ ok: false, error: 'There is a socket 1 already.' })
  })
})
