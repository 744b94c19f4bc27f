import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Host, PageOptions } from '../../../main/host/host.ts'
import { serveWeb, type WebHost } from '../../../main/host/web.ts'
import type { Push } from '../../../shared/ipc/contract.ts'
import { success } from '../../../shared/ipc/result.ts'
import { decodeWire, encodeWire } from '../../../shared/ipc/wire.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-web-'))
for (const path of ['assets', 'pages/chat']) mkdirSync(join(folder, path), { recursive: true })
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>window</title>')
writeFileSync(join(folder, 'assets/app.js'), 'export {}')
writeFileSync(join(folder, 'pages/chat/index.html'), '<!doctype html><title>chat</title>')
writeFileSync(join(folder, '..', 'wirestep-outside.txt'), 'secret')

let web: WebHost
const listeners = new Set<(push: Push) => void>()

/** Answers every request with itself. */
const mirror = {
  connect: ({ tell }: PageOptions) => {
    listeners.add(tell)
    return {
      handle: async (method: unknown, payload: unknown) => success({ method, payload }),
      renew: () => {},
      close: () => listeners.delete(tell),
    }
  },
} as Pick<Host, 'connect'> as Host

async function start(): Promise<void> {
  const started = await serveWeb({ host: mirror, folder })
  if (!started.ok) throw new Error(started.error)
  web = started.value
}

afterEach(() => web.close())

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(web.origin, { path, headers, method }, (response) => {
      let body = ''
      response.on('data', (part) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function enter(): Promise<string> {
  const { headers } = await get(web.url.slice(web.origin.length))
  return String(headers['set-cookie']?.[0]).split(';')[0] ?? ''
}

describe('the browser host', () => {
  it('turns its one-time token into a cookie scripts cannot read and other sites cannot send', async () => {
    await start()
    const { status, headers } = await get(web.url.slice(web.origin.length))
    expect(status).toBe(303)
    expect(headers).toMatchObject({ location: '/' })
    expect(headers['set-cookie']?.[0]).toMatch(/^wirestep-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
  })
  it('takes the token once only', async () => {
    await start()
    await enter()
    const again = await get(web.url.slice(web.origin.length))
    expect(again.status).toBe(403)
    expect(again.body).toMatch(/^This link was used already/)
  })
  it('shows nothing without the cookie, and the window with it', async () => {
    await start()
    expect((await get('/')).status).toBe(403)
    expect((await get('/?token=guess')).status).toBe(403)
    const cookie = await enter()
    const page = await get('/', { cookie })
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('window') })
    expect((await get('/assets/app.js', { cookie })).headers['content-type']).toBe('text/javascript; charset=utf-8')
  })
  it('forbids pages everything but their own files and bridge', async () => {
    await start()
    const { headers } = await get('/', { cookie: await enter() })
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; connect-src ${web.origin.replace('http', 'ws')}; frame-src 'self'; frame-ancestors 'none'`,
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
  })
  it('has pages for the panes, which have no origin and so no cookie: nothing may be done in them, and only the window frames them', async () => {
    await start()
    const { status, headers, body } = await get('/pages/chat/')
    expect([status, body]).toEqual([200, expect.stringContaining('chat')])
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; connect-src 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-forms",
    )
    expect(headers['x-frame-options']).toBe('SAMEORIGIN')
  })
  it('lets what panes are made of be loaded from no origin, and nothing else', async () => {
    await start()
    const asset = await get('/assets/app.js', { origin: 'null' })
    expect([asset.status, asset.headers['access-control-allow-origin']]).toEqual([200, '*'])
    const window = await get('/', { cookie: await enter() })
    expect(window.headers).not.toHaveProperty('access-control-allow-origin')
    expect((await get('/assets/app.js', { host: 'evil.example' })).status).toBe(403)
  })
  it.each(['/../wirestep-outside.txt', '/..%2fwirestep-outside.txt', '/assets', '/pages', '/assets/', '/nothing.js'])(
    'has no page at %s',
    async (path) => {
      await start()
      expect((await get(path, { cookie: await enter() })).status).toBe(404)
    },
  )
  it('answers only to its own name, so that a name bound anew to 127.0.0.1 gets nothing', async () => {
    await start()
    expect((await get('/', { cookie: await enter(), host: 'evil.example' })).status).toBe(403)
  })
  it('answers GET only', async () => {
    await start()
    expect((await get('/', { cookie: await enter() }, 'POST')).status).toBe(405)
  })
})

function opened(socket: WebSocket): Promise<'open' | number> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'))
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0))
    socket.once('error', () => {})
  })
}

describe('the bridge', () => {
  const bridge = (cookie: string, origin = web.origin, path = '/bridge') =>
    new WebSocket(`${web.origin.replace('http', 'ws')}${path}`, {
      headers: { cookie, origin },
      perMessageDeflate: false,
    })
  const nextText = (socket: WebSocket) =>
    new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))))

  it('carries requests and pushes, bytes and all', async () => {
    await start()
    const socket = bridge(await enter())
    expect(await opened(socket)).toBe('open')
    const request = { id: 7, method: 'bytes', payload: { bytes: Uint8Array.of(1, 2) } } as const
    socket.send(encodeWire(request))
    const { id, ...rest } = request
    expect(decodeWire(await nextText(socket))).toEqual({ ok: true, value: { id, result: { ok: true, value: rest } } })
    const told = nextText(socket)
    for (const listener of listeners) listener({ kind: 'run', run: null })
    expect(decodeWire(await told)).toEqual({ ok: true, value: { push: { kind: 'run', run: null } } })
  })
  it('stops pushing when the window has gone', async () => {
    await start()
    const socket = bridge(await enter())
    await opened(socket)
    socket.send(encodeWire({ id: 1, method: 'app', payload: {} }))
    await nextText(socket)
    expect(listeners.size).toBe(1)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.close()
    await closed
    expect(listeners.size).toBe(0)
  })
  it('is refused without the cookie, from another origin, and elsewhere', async () => {
    await start()
    const cookie = await enter()
    expect(await opened(bridge(''))).toBe(403)
    expect(await opened(bridge(cookie, 'http://evil.example'))).toBe(403)
    expect(await opened(bridge(cookie, web.origin, '/other'))).toBe(403)
  })
  it.each(['not json', '{"method":"app"}'])('drops a peer that sends %j, which no window does', async (text) => {
    await start()
    const socket = bridge(await enter())
    await opened(socket)
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send(text)
    await closed
  })
})
