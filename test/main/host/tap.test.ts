// A tap as it is typed in the console.
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openHost } from '../../../main/host/open.ts'
import type { Answer, Method, Payload } from '../../../shared/ipc/contract.ts'
import { request, response } from '../lab/taps.ts'
import { peerOn, quiet, readBytes, until } from '../net/sockets.ts'
import { ownAuthority, tlsClient, tlsServer } from '../net/tls/peers.ts'

function openConsole() {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-host-'))
  const host = openHost({ kind: 'browser', folder, pickFile: async () => null })
  onTestFinished(() => host.workspace.shutdown())
  const ask = async <M extends Method>(method: M, payload: Payload<M>): Promise<Answer<M>> => {
    const answer = await host.handle(method, payload)
    if (!answer.ok) throw new Error(answer.error)
    return answer.value as Answer<M>
  }
  const type = async (line: string): Promise<string> => {
    const lines = await host.perform(line)
    return lines.ok ? lines.value.map(({ text }) => text).join('\n') : lines.error
  }
  return { folder, host, ask, type }
}

async function openServer() {
  const server = createServer({ allowHalfOpen: true }, quiet)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
  })
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

it('answers every question before the first connection, and says what is missing', async () => {
  const { host, ask, type } = openConsole()
  const { url } = await openServer()
  expect(await type(`tap --listen 0 --upstream ${url}`)).toMatch(
    new RegExp(`^listening on ws://127\\.0\\.0\\.1:\\d+/ for ${url}\nnew connections: client running, server running$`),
  )
  const { id } = host.workspace.current!
  const page = { run: id, from: 0, count: 10 }
  const none = { total: 0, rows: [] }
  for (const method of ['rows', 'matches', 'messages', 'faults', 'segments', 'transitions', 'connections'] as const) {
    expect(await ask(method, page)).toEqual(none)
  }
  expect((await ask('bytes', { ...page, lane: 'clientToServer' })).length).toBe(0)
  expect(await ask('unit', { run: id, lane: 'clientToServer', offset: 0 })).toBe(null)
  expect(await ask('timeline', { run: id })).toEqual({ marks: [] })
  const missing = 'No connection has come yet: point a client at the tap.'
  for (const line of ['step unit', 'show ladder', 'break here', 'note x', 'delay client 1', 'inject client text x']) {
    expect(await type(line)).toBe(missing)
  }
  expect(await type('hold client')).toContain('new connections: client held, server running')
  expect(await type('fork')).toMatch(/nothing to fork/)
})

it('does everything that is typed to what passes', async () => {
  const { host, ask, type } = openConsole()
  const { server, url } = await openServer()
  const accepted = once(server, 'connection') as Promise<[Socket]>
  await type(`tap --listen 0 --upstream ${url} --hold`)
  const run = host.workspace.current!
  const client = peerOn(connect({ host: '127.0.0.1', port: run.view().tap!.listening!.port, allowHalfOpen: true }))
  const peer = peerOn((await accepted)[0])
  client.socket.write(request)
  await until(() => run.view().next?.held === request.length)
  expect(await type('step unit')).toContain('GET /chat')
  await peer.gets(request.length)
  expect(await type('pass')).toContain('connection 1: client running, server running')
  peer.socket.write(response)
  await client.gets(response.length)
  await until(() => run.view().connections[0]?.states.client === 'OPEN')
  await type('inject server close 1001 going away')
  expect((await client.gets(response.length + 14)).subarray(response.length + 2)).toEqual(
    Buffer.from([0x03, 0xe9, ...Buffer.from('going away')]),
  )
  await type('inject client --raw "c1 80 00 00 00 00"')
  expect((await peer.gets(request.length + 6)).subarray(request.length)).toEqual(Buffer.of(0xc1, 0x80, 0, 0, 0, 0))
  expect(await type('inject client')).toBe('Say what to put in: text, hex, ping, pong or close, or bytes with --raw.')
  expect(await type('inject client text x --raw 00')).toBe('Give a frame, or its bytes with --raw, not both.')
  expect(await type('inject client close soon')).toBe(
    'A close frame carries a code and then a reason, such as 1000 bye.',
  )
  expect(await type('delay client 5')).toContain('client running, 5 ms later')
  expect(await type('throttle server 1000')).toContain('server running, 1,000 bytes a second')
  expect(await type('segment server byte')).toContain('1,000 bytes a second, segments: byte')
  expect(await type('throttle server 0')).toContain('server running, segments: byte')
  expect(await type('hold server')).toContain('server held, segments: byte')
  peer.socket.write(Buffer.of(0x81, 2, 0x68, 0x69))
  await until(() => run.view().next?.held === 4)
  const at = run.capture.connection(1).deliveredLengthAt('serverToClient', run.capture.end)
  await type(`rewrite server ${at} text "hello there"`)
  await type('step all')
  expect((await client.gets(at + 13)).subarray(at + 2).toString()).toBe('hello there')
  const { rows } = await ask('connections', { run: run.id, from: 0, count: 10 })
  expect(rows).toMatchObject([
    { id: 1, state: 'open', dialect: 'rfc6455', gates: { serverToClient: { mode: 'held' } } },
  ])
  expect(await type('stop listening')).toContain('not listening any more')
  expect(await type('close-run')).toContain('No run is open')
})

it('refuses a tap that cannot listen, and one to an address that is none', async () => {
  const { type } = openConsole()
  const { server } = await openServer()
  const { port } = server.address() as AddressInfo
  expect(await type(`tap --listen ${port}`)).toMatch(/in use by another program/)
  expect(await type('tap --listen 0 --upstream nowhere')).toContain('nowhere')
  expect(await type('hold')).toMatch(/No run is open/)
  await type('lab rfc6455')
  expect(await type('hold')).toBe('Only the lanes of live traffic can be switched: a lab holds them always.')
})

it('shows clients of wss:// a certificate of the authority that is in the data folder, as the terminal does', async () => {
  const { folder, type } = openConsole()
  const { address } = await tlsServer('localhost', (socket) => socket.pipe(socket))
  const said = await type(`tap --listen 0 --upstream wss://localhost:${address.port}/ --insecure`)
  const port = Number(/:(\d+)\/ for/.exec(said)?.[1])
  const { certificate } = await ownAuthority(folder)
  const { socket } = tlsClient({ host: '127.0.0.1', port }, { ca: certificate, servername: 'localhost' })
  socket.write('echo')
  expect(String(await readBytes(socket, 4))).toBe('echo')
})

it.each([
  ['hixie-75', 'GET / HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: h\r\nOrigin: http://h\r\n\r\n'],
  [null, '<policy-file-request/>'],
])('is remembered with what its first request told: %s', async (dialect, first) => {
  const { host, type } = openConsole()
  const { url } = await openServer()
  const port = Number(/:(\d+)\/ for/.exec(await type(`tap --listen 0 --upstream ${url}`))?.[1])
  const client = quiet(connect(port, '127.0.0.1'))
  onTestFinished(() => void client.destroy())
  client.write(first)
  await until(() => host.app().recent[0]?.dialect === dialect)
  expect(host.app().recent).toHaveLength(1)
})
