// Frames that no end sent, and frames with another payload than was sent.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { messageViews } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { laneOf, must, openLab, runAll, whereOf } from './labs.ts'
import { openTap, request, response, shakeHands, textFrame } from './taps.ts'

const toServer = 'clientToServer'
const toClient = 'serverToClient'
const text = (data: string, masked = true) =>
  ({ kind: 'frame', opcode: 'text', payload: encodeUtf8(data), masked }) as const

async function opened(dialect: (typeof dialectIds)[number]) {
  const { run } = await openLab(dialect)
  await runAll(run)
  const messages = () => {
    const { connection, cursor } = run.view()
    return messageViews(run.capture, connection, cursor, 0, 100).rows.map(({ lane, preview }) => `${lane} ${preview}`)
  }
  const faults = () => run.view().faultCount
  return { run, messages, faults }
}

describe.each(dialectIds)('%s', (dialect) => {
  it('takes a frame that was put in as if its end had sent it, from either end', async () => {
    const { run, messages, faults } = await opened(dialect)
    const before = faults()
    must(await run.inject(toServer, text('put in')))
    must(await run.inject(toClient, text('there too')))
    await runAll(run)
    expect(messages()).toEqual([`${toServer} put in`, `${toClient} there too`])
    expect(faults()).toBe(before)
  })

  it('takes frames that were put in one behind the other in that order, before what was held already', async () => {
    const { run, messages, faults } = await opened(dialect)
    const before = faults()
    must(await run.act('client', { kind: 'sendText', text: 'held' }))
    for (const word of ['first', 'second', 'third']) must(await run.inject(toServer, text(word)))
    await runAll(run)
    expect(messages()).toEqual(['first', 'second', 'third', 'held'].map((word) => `${toServer} ${word}`))
    expect(faults()).toBe(before)
  })

  it('takes a frame that was rewritten to another length with a header that fits, and labels it edited', async () => {
    const { run, messages, faults } = await opened(dialect)
    const before = faults()
    const longer = 'longer '.repeat(40)
    must(await run.act('client', { kind: 'sendText', text: 'short' }))
    const { delivered } = laneOf(run, toServer)
    must(await run.rewrite(toServer, delivered, encodeUtf8(longer), false))
    const edits = run.capture.connection(1).editsAt(toServer, run.view().cursor)
    expect(edits).toMatchObject([{ start: delivered, label: 'edited' }])
    await runAll(run)
    expect(messages()[0]).toContain('longer longer')
    expect(faults()).toBe(before)
  })
})

describe('a frame that is put in', () => {
  it('may break the rules: unmasked, or any bytes', async () => {
    const { run } = await opened('rfc6455')
    must(await run.inject(toServer, text('bare', false)))
    const held = laneOf(run, toServer)
    expect(Buffer.from(run.capture.connection(1).readGate(toServer, run.capture.end, held.delivered, 1e6))).toEqual(
      Buffer.of(0x81, 4, 0x62, 0x61, 0x72, 0x65),
    )
    await runAll(run)
    expect(run.view().faultCount).toBeGreaterThan(0)
    const raw = await opened('rfc6455')
    must(await raw.run.inject(toClient, { kind: 'raw', bytes: Uint8Array.of(0xc1, 1, 0x78) }))
    await runAll(raw.run)
    expect(raw.run.view().faultCount).toBeGreaterThan(0)
  })

  it('has to follow the handshake, which raw bytes do not; and the dialect has to have it', async () => {
    const { run } = await openLab('rfc6455')
    expect(await run.inject(toClient, text('early'))).toEqual({
      ok: false,
      error: 'Nothing came from the server yet, and a frame has to follow the handshake: --raw does not.',
    })
    must(await run.inject(toServer, text('behind the request')))
    expect(laneOf(run, toServer).held).toBeGreaterThan(100)
    must(await run.step('unit'))
    expect(laneOf(run, toServer).held).toBe('behind the request'.length + 6)
    must(await run.inject(toClient, { kind: 'raw', bytes: Uint8Array.of(7) }))
    const old = await opened('hixie-75')
    const ping = { kind: 'frame', opcode: 'ping', payload: new Uint8Array(0), masked: true } as const
    expect(await old.run.inject(toServer, ping)).toEqual({ ok: false, error: 'hixie-75 has no ping frame.' })
  })

  it('goes behind the unit under way, and never into it', async () => {
    const { run, messages } = await opened('rfc6455')
    must(await run.act('client', { kind: 'sendText', text: 'under way' }))
    must(await run.step('byte', { count: 4 }))
    must(await run.inject(toServer, text('behind')))
    await runAll(run)
    expect(messages()).toEqual([`${toServer} under way`, `${toServer} behind`])
  })

  it('is put in a fork where the cursor is at an earlier moment of a lab', async () => {
    const { run } = await opened('rfc6455')
    must(await run.back())
    const fork = whereOf(await run.inject(toServer, text('other end')))
    expect(fork).not.toBe(run)
  })

  it('waits on a lane that runs for the unit under way, which has to arrive first', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    const hello = textFrame('client', 'hello')
    peers.client.socket.write(hello.subarray(0, 3))
    await peers.server.gets(request.length + 3)
    must(await run.inject(toServer, text('put in', false)))
    must(await run.inject(toClient, text('at once')))
    await peers.client.gets(response.length + 9)
    expect(peers.server.got().length).toBe(request.length + 3)
    peers.client.socket.write(hello.subarray(3))
    peers.client.socket.write(hello)
    const want = Buffer.concat([hello, textFrame('server', 'put in'), hello])
    expect((await peers.server.gets(request.length + want.length)).subarray(request.length)).toEqual(want)
    await sees(({ messageCount }) => messageCount === 4)
    expect(run.view().gates![toServer].mode).toBe('running')
  })

  it('goes through a lane that waits for nothing, also behind bytes that are delayed', async () => {
    const { run, join } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.shape(toServer, { delay: 30 }))
    const hello = textFrame('client', 'hello')
    peers.client.socket.write(hello)
    must(await run.inject(toServer, text('put in', false)))
    const got = await peers.server.gets(request.length + hello.length + 8)
    expect(got.length).toBe(request.length + hello.length + 8)
  })
})

describe('a rewritten frame', () => {
  it('keeps its masking key, FIN and opcode; with its header kept, every bit of that', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.setMode(toServer, 'held', false))
    peers.client.socket.write(textFrame('client', 'hello'))
    await sees(({ next }) => next !== null)
    must(await run.rewrite(toServer, request.length, encodeUtf8('hello, world'), false))
    must(await run.step('unit'))
    const longer = textFrame('client', 'hello, world')
    expect((await peers.server.gets(request.length + longer.length)).subarray(request.length)).toEqual(
      Buffer.from(longer),
    )
    peers.client.socket.write(textFrame('client', 'hello'))
    const at = request.length + longer.length
    await sees(({ next }) => next !== null)
    must(await run.rewrite(toServer, at, encodeUtf8('hell'), true))
    must(await run.step('all'))
    const kept = textFrame('client', 'hello').subarray(0, 10)
    expect((await peers.server.gets(at + kept.length)).subarray(at)).toEqual(Buffer.from(kept))
  })

  it('has to be a frame, and all of it held', async () => {
    const { run } = await openLab('rfc6455')
    expect(await run.rewrite(toServer, 0, Uint8Array.of(1), false)).toEqual({
      ok: false,
      error: 'That unit is no frame, so it has no payload: edit its bytes instead.',
    })
  })
})
