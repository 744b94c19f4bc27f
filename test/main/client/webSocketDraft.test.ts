// What `WebSocketDraft` has beyond the platform's class: dialects. What it has in common is in test/draft.
import { describe, expect, it, onTestFinished } from 'vitest'
import { type DraftCloseEvent, type DraftOptions, WebSocketDraft } from '../../../main/client/index.ts'
import { createSocketTransport } from '../../../main/client/socketTransport.ts'
import { echo } from '../../../main/services/echo.ts'
import { defineService } from '../../../main/services/service.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import type { DraftEvent } from '../../../shared/draft/transport.ts'
import { until } from '../net/sockets.ts'
import { hosted } from '../services/services.ts'

function connect(url: string, options: DraftOptions) {
  const socket = new WebSocketDraft(url, options)
  onTestFinished(() => socket.close())
  const told: (string | Event)[] = []
  socket.onopen = () => told.push('open')
  socket.onmessage = ({ data }) => told.push(String(data))
  socket.onerror = () => told.push('error')
  const closed = new Promise<DraftCloseEvent>((resolve) => socket.addEventListener('close', resolve))
  return { socket, told, closed }
}

describe.each(dialectIds)('WebSocketDraft in %s', (dialect) => {
  it('opens, has its messages come back in order, and closes cleanly', async () => {
    const { host } = await hosted(echo, { dialect })
    const { socket, told, closed } = connect(host.url, { dialect })
    socket.addEventListener('open', () => {
      for (const text of ['one', '', 'three ☃']) socket.send(text)
    })
    await until(() => told.length === 4)
    expect(told).toEqual(['open', 'one', '', 'three ☃'])
    socket.close(1000)
    expect((await closed).wasClean).toBe(true)
    expect([socket.readyState, socket.protocol, socket.bufferedAmount]).toEqual([3, '', 0])
  })

  const compressed = dialectById(dialect).compression === 'deflate'
  it.each([
    [true, compressed ? 'permessage-deflate' : ''],
    [false, ''],
  ])('with compress %s agrees on "%s" with a service that accepts compression', async (compress, extensions) => {
    const { host } = await hosted(echo, { dialect, compress: {} })
    const { socket, told } = connect(host.url, { dialect, compress })
    socket.addEventListener('open', () => socket.send('again and again and again'))
    await until(() => told.length === 2)
    expect([socket.extensions, ...told]).toEqual([extensions, 'open', 'again and again and again'])
  })

  it('fails with an error and 1006 where the server speaks none of it', async () => {
    const other = dialect === 'rfc6455' ? 'hixie-75' : 'rfc6455'
    const { host } = await hosted(echo, { dialect: other })
    const { told, closed } = connect(host.url, { dialect })
    expect(await closed).toMatchObject({ code: 1006, wasClean: false })
    expect(told).toEqual(['error'])
  })
})

describe('WebSocketDraft', () => {
  it('gets the subprotocol that the service speaks', async () => {
    const { host } = await hosted(echo, { dialect: 'hello-00', subprotocols: ['chat'] })
    const { socket, told } = connect(host.url, { dialect: 'hello-00', protocols: ['talk', 'chat'] })
    await until(() => told.length === 1)
    expect(socket.protocol).toBe('chat')
  })

  it('objects to a dialect nobody knows, and to subprotocols that the dialect cannot name', () => {
    const attempt = (options: object) => () => new WebSocketDraft('ws://127.0.0.1:9/', options)
    expect(attempt({ dialect: 'hybi-99' })).toThrow('There is no dialect "hybi-99".')
    expect(attempt({ dialect: 'hello-00', protocols: 'v1.0' })).toThrow(
      '"v1.0" is not the name of a subprotocol in Upgrade+Hello.',
    )
  })

  it('reads no further while what has come is not dealt with', async () => {
    const count = 64
    const flood = defineService({
      open: (session) => {
        for (let i = 0; i < count; i += 1) session.send(new Uint8Array(1024 * 1024))
      },
    })
    const { host } = await hosted(flood, { maxBuffered: 1e9 })
    let came = 0
    const tell = ({ kind }: DraftEvent) => {
      if (kind === 'message') came += 1
    }
    const connection = createSocketTransport()(
      { url: host.url, protocols: [], dialect: 'rfc6455', compress: true },
      tell,
    )
    onTestFinished(connection.abort)
    await until(() => came > 0)
    await standingStill(() => came)
    expect(came).toBeLessThan(count)
    for (let taken = 0; taken < count; taken += 1) {
      await until(() => came > taken)
      connection.took(1024 * 1024)
    }
  })
})

/** Settles when 100 turns of the event loop have changed nothing. */
async function standingStill(count: () => number): Promise<void> {
  for (let turns = 0, known = count(); turns < 100; turns += 1) {
    await new Promise(setImmediate)
    if (known !== count()) turns = 0
    known = count()
  }
}
