// `ws` at both ends of a tap, compressing with context takeover: what a person changes at the gate takes nothing from what
// comes behind it.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Run } from '../../main/lab/types.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import { encodeUtf8 } from '../../shared/bytes/utf8.ts'
import { ladderRows, segmentViews } from '../../shared/capture/views.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { deflateAlone } from '../../shared/extensions/deflate.ts'
import { encodeFrame } from '../../shared/framing/encode.ts'
import type { Result } from '../../shared/ipc/result.ts'
import { must } from '../main/lab/labs.ts'
import { tapTo } from '../main/lab/taps.ts'
import { until } from '../main/net/sockets.ts'

interface Deflate {
  readonly clientNoContextTakeover?: boolean
  readonly serverNoContextTakeover?: boolean
  readonly clientMaxWindowBits?: number
  readonly serverMaxWindowBits?: number
}

/** A client and a server of `ws`, open, with a tap between them that runs. */
async function talking(deflate: Deflate = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0, ...deflate } })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const upstream = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { run } = await tapTo({ upstream, dialect: 'rfc6455' })
  const accepted = once(server, 'connection') as Promise<[WebSocket]>
  const { host, port } = run.view().tap!.listening!
  const client = new WebSocket(`ws://${host}:${port}/`, { perMessageDeflate: { threshold: 0, ...deflate } })
  onTestFinished(() => client.terminate())
  const [peer] = await accepted
  await once(client, 'open')
  return { run, client: sideOf(client), server: sideOf(peer) }
}

function sideOf(socket: WebSocket) {
  const got: string[] = []
  const troubles: string[] = []
  socket.on('message', (data) => got.push(String(data)))
  socket.on('error', ({ message }) => troubles.push(message))
  socket.on('close', (code) => troubles.push(`closed with ${code}`))
  const gets = async (count: number) => {
    await until(() => got.length >= count || troubles.length > 0)
    return { got: [...got], troubles }
  }
  return { socket, gets }
}

const frames = (run: Run) => {
  const { connection, cursor } = run.view()
  return ladderRows(run.capture, connection, cursor, 0, 500).rows.filter(({ kind }) => kind === 'frame')
}
const labels = (run: Run) => frames(run).map(({ edited }) => edited)
const notes = (run: Run) => {
  const { connection, cursor } = run.view()
  const { rows } = segmentViews(run.capture, connection, cursor, 0, 500)
  return rows.filter(({ side }) => side === 'note').map(({ says }) => says.replace('note: ', ''))
}

const text = (index: number) => `message ${index}: the quick brown fox and the lazy dog, again and again and again`
const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => text(from + index))

const sides = [
  { lane: 'clientToServer' as Lane, from: 'client', to: 'server' },
  { lane: 'serverToClient' as Lane, from: 'server', to: 'client' },
] as const

describe.each(sides)('$from to $to', ({ lane, from, to }) => {
  /** Two messages have passed; of the next four, which are held, the first begins at the offset that is answered. */
  async function held(deflate?: Deflate) {
    const both = await talking(deflate)
    const { run, [from]: sender, [to]: receiver } = both
    for (const each of texts(0, 2)) sender.socket.send(each)
    await receiver.gets(2)
    must(await run.setMode(lane, 'held', false))
    const before = frames(run).length
    for (const each of texts(2, 6)) sender.socket.send(each)
    await until(() => frames(run).length === before + 4)
    return { run, sender, receiver, at: frames(run)[before]!.span.start }
  }

  const changes: readonly (readonly [string, (run: Run, at: number) => Promise<Result<unknown>>, readonly string[]])[] =
    [
      ['rewritten', (run, at) => run.rewrite(lane, at, encodeUtf8('something else'), false), ['something else']],
      ['dropped', (run, at) => run.drop(lane, at), []],
      ['duplicated', (run, at) => run.duplicate(lane, at), [text(2), text(2)]],
    ]
  it.each(changes)('what comes behind a message that was %s arrives as it was sent', async (how, change, instead) => {
    const { run, sender, receiver, at } = await held()
    must(await change(run, at))
    must(await run.setMode(lane, 'running', false))
    const expected = [...texts(0, 2), ...instead, ...texts(3, 6)]
    expect(await receiver.gets(expected.length)).toEqual({ got: expected, troubles: [] })
    for (const each of texts(6, 12)) sender.socket.send(each)
    expect(await receiver.gets(expected.length + 6)).toEqual({ got: [...expected, ...texts(6, 12)], troubles: [] })
    // A frame of a client that comes twice has the key of the frame before.
    const repeats = how === 'duplicated' && from === 'client'
    const codes = run.capture.connections.flatMap(({ faults }) => faults.map(({ code }) => code))
    expect(codes).toEqual(repeats ? ['mask.repeated'] : [])
    expect(notes(run)).toEqual([expect.stringMatching(/^From byte \d+ on what the \w+ compressed is compressed again/)])
    expect(labels(run).slice(-6)).toEqual(Array(6).fill('recompressed'))
  })

  it('a compressed frame that was put in as bytes counts too, on a lane that runs', async () => {
    const { run, [from]: sender, [to]: receiver } = await talking()
    for (const each of texts(0, 2)) sender.socket.send(each)
    await receiver.gets(2)
    const payload = deflateAlone(15, encodeUtf8('put in'), true)
    const mask = from === 'client' ? { mask: Uint8Array.of(1, 2, 3, 4) } : {}
    const frame = {
      dialect: dialectById('rfc6455'),
      opcode: 'text',
      final: true,
      reserved: 0b100,
      payload,
      ...mask,
    } as const
    must(await run.inject(lane, { kind: 'raw', bytes: encodeFrame(frame) }))
    await receiver.gets(3)
    for (const each of texts(2, 6)) sender.socket.send(each)
    expect(await receiver.gets(7)).toEqual({ got: [...texts(0, 2), 'put in', ...texts(2, 6)], troubles: [] })
  })

  it('other frames may be dropped, rewritten and put in, and the lane passes as it is', async () => {
    const { run, [from]: sender, [to]: receiver } = await talking()
    must(await run.setMode(lane, 'held', false))
    const before = frames(run).length
    sender.socket.ping('a')
    sender.socket.send('plain', { compress: false })
    sender.socket.send(text(0))
    await until(() => frames(run).length === before + 3)
    const [ping, plain] = frames(run).slice(before)
    must(await run.rewrite(lane, plain!.span.start, encodeUtf8('other'), false))
    must(await run.drop(lane, ping!.span.start))
    must(await run.inject(lane, { kind: 'frame', opcode: 'text', payload: encodeUtf8('in front'), masked: true }))
    must(await run.setMode(lane, 'running', false))
    sender.socket.send(text(1))
    expect(await receiver.gets(4)).toEqual({ got: ['in front', 'other', text(0), text(1)], troubles: [] })
    expect([notes(run), labels(run)]).toEqual([[], expect.not.arrayContaining(['recompressed'])])
  })

  it('passes as it is again once both ends have the same to refer to', async () => {
    const { run, sender, receiver, at } = await held({ clientMaxWindowBits: 9, serverMaxWindowBits: 9 })
    must(await run.drop(lane, at))
    must(await run.setMode(lane, 'running', false))
    await receiver.gets(5)
    // 512 bytes are seven of the messages, of which three were held.
    for (const each of texts(6, 30)) sender.socket.send(each)
    expect(await receiver.gets(29)).toEqual({ got: [...texts(0, 2), ...texts(3, 30)], troubles: [] })
    expect(labels(run).filter((label) => label === 'recompressed')).toHaveLength(7)
    expect(labels(run).at(-1)).toBeUndefined()
    expect(notes(run)[1]).toMatch(/^Both ends have the same to refer to again/)
  })

  it('without context takeover nothing but the change is compressed', async () => {
    const { run, sender, receiver, at } = await held({ clientNoContextTakeover: true, serverNoContextTakeover: true })
    must(await run.rewrite(lane, at, encodeUtf8(text(99)), false))
    must(await run.setMode(lane, 'running', false))
    for (const each of texts(6, 8)) sender.socket.send(each)
    const got = [...texts(0, 2), text(99), ...texts(3, 8)]
    expect(await receiver.gets(got.length)).toEqual({ got, troubles: [] })
    expect(labels(run).filter(Boolean)).toEqual(['edited'])
    expect(notes(run)).toEqual([])
  })

  it.each([{}, { clientNoContextTakeover: true, serverNoContextTakeover: true }])(
    'a frame of a message in several is rewritten or dropped, and the rest of it stays (%j)',
    async (deflate) => {
      const { run, [from]: sender, [to]: receiver } = await talking(deflate)
      sender.socket.send(text(0))
      await receiver.gets(1)
      must(await run.setMode(lane, 'held', false))
      const before = frames(run).length
      const parts = [text(1), text(2), text(3), text(4)]
      for (const [index, part] of parts.entries()) sender.socket.send(part, { fin: index === 3 })
      sender.socket.send(text(5))
      await until(() => frames(run).length === before + 5)
      const [, second, third] = frames(run).slice(before)
      must(await run.drop(lane, third!.span.start))
      must(await run.rewrite(lane, second!.span.start, encodeUtf8(', and '), false))
      must(await run.setMode(lane, 'running', false))
      const got = [text(0), `${text(1)}, and ${text(4)}`, text(5)]
      expect(await receiver.gets(3)).toEqual({ got, troubles: [] })
    },
  )
})
