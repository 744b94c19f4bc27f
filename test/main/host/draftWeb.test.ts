// WebSocketDraft for pages of others: who gets the script, who gets the bridge, and what it answers.
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { serveDraft } from '../../../main/host/draftWeb.ts'
import { echo } from '../../../main/services/echo.ts'
import { decodeWire, encodeWire, type WireRequest } from '../../../shared/ipc/wire.ts'
import { temporaryFolder } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { hosted } from '../services/services.ts'

const origin = 'http://pages.example:3000'

async function serve() {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'draft.js'), 'the script')
  writeFileSync(join(folder, 'assets/connect.js'), 'what it imports')
  writeFileSync(join(folder, 'index.html'), 'the window')
  const web = await serveDraft({ folder, port: 0, origins: [origin] })
  if (!web.ok) throw new Error(web.error)
  onTestFinished(() => web.value.close())
  return new URL(web.value.script)
}

function get(url: URL, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<readonly [status: number | undefined, body: string, allowed: string | undefined]>(
    (resolve, reject) => {
      const asked = httpRequest(new URL(path, url), { headers, method }, async (response) => {
        const body = Buffer.concat(await response.toArray()).toString()
        resolve([response.statusCode, body.trim(), response.headers['access-control-allow-origin']])
      })
      asked.on('error', reject).end()
    },
  )
}

/** A page's end of the bridge, and all that it was told. */
async function bridge(script: URL, from: string) {
  const socket = new WebSocket(`ws://${script.host}/bridge`, { origin: from })
  onTestFinished(() => socket.terminate())
  const told: unknown[] = []
  socket.on('message', (text) => {
    const reply = decodeWire(String(text))
    if (reply.ok) told.push(reply.value)
  })
  await once(socket, 'open')
  return { told, ask: (request: WireRequest) => socket.send(encodeWire(request)) }
}

describe('the script of WebSocketDraft, for pages of others', () => {
  it.each([
    ['/draft.js', {}, 'GET', [200, 'the script', '*']],
    ['/assets/connect.js', {}, 'GET', [200, 'what it imports', '*']],
    ['/', {}, 'GET', [404, 'Only /draft.js is served here.', '*']],
    ['/index.html', {}, 'GET', [404, 'Only /draft.js is served here.', '*']],
    ['/assets/../index.html', {}, 'GET', [404, 'Only /draft.js is served here.', '*']],
    ['/draft.js', {}, 'POST', [405, 'Only GET is answered here.', '*']],
  ] as const)('%s with %j and %s', async (path, headers, method, answer) => {
    expect(await get(await serve(), path, headers, method)).toEqual(answer)
  })

  it('is not for a name that was rebound to this machine', async () => {
    const script = await serve()
    const [status, says] = await get(script, '/draft.js', { host: 'rebound.example' })
    expect([status, says]).toEqual([403, `Wirestep answers only as ${script.host}.`])
  })
})

describe('the bridge for pages of others', () => {
  it.each(['http://others.example', 'http://pages.example', 'null', 'https://pages.example:3000'])(
    'turns pages of %s away',
    async (from) => {
      await expect(bridge(await serve(), from)).rejects.toThrow('403')
    },
  )

  it('connects for a page of the origin that was named, which the server is told', async () => {
    const origins = [origin]
    const { host } = await hosted(echo, { dialect: 'hello-00', origins })
    const page = await bridge(await serve(), origin)
    const asked = { url: host.url, protocols: [], dialect: 'hello-00', compress: true }
    page.ask({ id: 1, method: 'draftOpen', payload: { socket: 1, ...asked } })
    await until(() => page.told.length >= 2)
    expect(page.told).toContainEqual({
      push: { kind: 'draft', socket: 1, event: expect.objectContaining({ kind: 'open' }) },
    })
    page.ask({ id: 2, method: 'draftSend', payload: { socket: 1, data: 'hello', size: 5 } })
    const echoed = {
      push: { kind: 'draft', socket: 1, event: expect.objectContaining({ kind: 'message', data: 'hello' }) },
    }
    await until(() => page.told.some((one) => JSON.stringify(one).includes('"message"')))
    expect(page.told).toContainEqual(echoed)
  })

  it('answers for sockets and for nothing else', async () => {
    const page = await bridge(await serve(), origin)
    page.ask({ id: 1, method: 'command', payload: { line: 'lab' } })
    page.ask({ id: 2, method: 'app', payload: {} })
    await until(() => page.told.length === 2)
    const refused = { ok: false, error: 'A page has sockets here, and nothing else.' }
    expect(page.told).toEqual([
      { id: 1, result: refused },
      { id: 2, result: refused },
    ])
  })
})
