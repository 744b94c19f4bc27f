import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Gate, type GateListener, holdLimit, joinListeners } from '../../../main/net/gate.ts'
import { gated, listenInto, readBytes, until } from './sockets.ts'

const MiB = 1024 * 1024

describe('a held lane', () => {
  it('lets exactly the released bytes through, and no more', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.write('hello')
    await until(() => lane.held === 5)
    lane.release(2)
    expect((await readBytes(server, 2)).toString()).toBe('he')
    lane.release(3)
    expect((await readBytes(server, 3)).toString()).toBe('llo')
    expect([lane.arrived, lane.released, lane.held]).toEqual([5, 5, 0])
    gate.destroy()
  })

  it('holds one lane without holding the other', async () => {
    const { client, server, gate } = await gated()
    gate.lanes.serverToClient.setMode('running')
    client.write('held')
    server.write('running')
    expect((await readBytes(client, 7)).toString()).toBe('running')
    await until(() => gate.lanes.clientToServer.held === 4)
    expect(gate.lanes.clientToServer.released).toBe(0)
    gate.destroy()
  })

  it('delivers edited bytes in place of those that arrived', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.write('hello world')
    await until(() => lane.held === 11)
    lane.release(6)
    lane.edit(7, 3, Buffer.from('ea'), 'edited')
    lane.release(lane.held)
    expect((await readBytes(server, 10)).toString()).toBe('hello wead')
    gate.destroy()
  })

  it('refuses to edit what was delivered', async () => {
    const { client, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.write('hello')
    await until(() => lane.held === 5)
    lane.release(3)
    expect(() => lane.edit(2, 1, Buffer.of(0), 'edited')).toThrow()
    gate.destroy()
  })

  it('holds the end of the stream until it is released, behind all bytes', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.end('bye')
    await until(() => lane.arrivedEnd === 'fin')
    expect(() => lane.releaseEnd()).toThrow('before 3 held bytes')
    lane.release(3)
    await readBytes(server, 3)
    expect(lane.releasedEnd).toBeNull()
    const ended = once(server, 'end')
    lane.releaseEnd()
    await ended
    expect(lane.releasedEnd).toBe('fin')
    gate.destroy()
  })

  it('keeps the other direction open after a half-close', async () => {
    const { client, server, gate } = await gated({ mode: 'running' })
    const ended = once(server.resume(), 'end')
    client.end()
    await ended
    server.end('still here')
    expect((await readBytes(client, 10)).toString()).toBe('still here')
    await gate.closed
  })

  it('passes a reset on as a reset when it is released', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.resetAndDestroy()
    await until(() => lane.arrivedEnd === 'reset')
    const failed = once(server.resume(), 'error')
    lane.releaseEnd()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
    expect(gate.lanes.serverToClient.dead).toBe(true)
    await gate.closed
  })

  it('stops reading when it holds the limit, and holds little more whatever floods in', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    const flood = 64 * MiB
    client.write(Buffer.alloc(flood, 0x61))
    await until(() => lane.full)
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
    expect(lane.held).toBeLessThanOrEqual(holdLimit + MiB)

    let received = 0
    server.on('data', (bytes) => {
      received += bytes.length
    })
    while (received < flood) {
      if (lane.held > 0) lane.release(lane.held)
      expect(lane.held).toBeLessThanOrEqual(holdLimit + MiB)
      await new Promise(setImmediate)
    }
    expect(received).toBe(flood)
    gate.destroy()
  })
})

describe('a running lane', () => {
  it('passes bytes and the end on as they come', async () => {
    const { client, server, gate } = await gated({ mode: 'running' })
    const all = readBytes(server, 10 * MiB)
    const sent = Buffer.alloc(10 * MiB, 'wirestep')
    client.end(sent)
    expect(Buffer.compare(await all, sent)).toBe(0)
    server.end()
    await gate.closed
  })

  it('stops reading while its destination does not, and loses nothing', async () => {
    const { client, server, gate } = await gated({ mode: 'running' })
    const lane = gate.lanes.clientToServer
    const flood = 64 * MiB
    server.pause()
    client.write(Buffer.alloc(flood, 0x61))
    let before = -1
    while (lane.arrived !== before) {
      before = lane.arrived
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
    }
    expect(lane.arrived).toBeLessThan(flood)
    expect(lane.held).toBe(0)
    expect((await readBytes(server.resume(), flood)).length).toBe(flood)
    gate.destroy()
  })

  it('first lets through what was held when it was set running', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    client.end('held')
    await until(() => lane.arrivedEnd === 'fin')
    const ended = once(server, 'end')
    const read = readBytes(server, 4)
    lane.setMode('running')
    expect((await read).toString()).toBe('held')
    await ended
    gate.destroy()
  })

  it('passes on a reset that comes after an end that was let through by hand', async () => {
    const { client, server, gate } = await gated()
    const lane = gate.lanes.clientToServer
    gate.lanes.serverToClient.setMode('running')
    const ended = once(server.resume(), 'end')
    client.end()
    await until(() => lane.arrivedEnd !== null)
    lane.releaseEnd()
    await ended
    client.resetAndDestroy()
    await reachesBehindItsEnd(server, gate)
  })

  it('lets a reset overtake an end that is still held, and says so', async () => {
    const lines: string[] = []
    const { client, server, gate } = await gated({ listener: listenInto(lines) })
    const lane = gate.lanes.clientToServer
    client.end()
    await until(() => lane.arrivedEnd !== null)
    client.resetAndDestroy()
    gate.lanes.serverToClient.setMode('running')
    server.write('are you there')
    server.write('are you there')
    await until(() => gate.lanes.serverToClient.dead)
    expect(gate.lanes.clientToServer.dead).toBe(false)
    lane.releaseEnd()
    await gate.closed
    expect(lines.filter((line) => line.startsWith('c>s'))).toEqual(['c>s arrived fin', 'c>s released reset'])
  })

  it('passes on a reset that comes after an end', async () => {
    const { client, server, gate } = await gated({ mode: 'running' })
    const ended = once(server.resume(), 'end')
    client.end()
    await ended
    client.resetAndDestroy()
    await reachesBehindItsEnd(server, gate)
  })
})

/** Only writing shows a socket that was already read to its end that its peer is gone. */
async function reachesBehindItsEnd(server: Socket, gate: Gate): Promise<void> {
  const failed = once(server, 'error')
  server.write('are you there')
  server.write('are you there')
  await Promise.race([failed, gate.closed])
  await gate.closed
}

describe('a gate', () => {
  it('tells of everything in the order it happens', async () => {
    const lines: string[] = []
    const { client, server, gate } = await gated({ listener: listenInto(lines) })
    const lane = gate.lanes.clientToServer
    client.end('hello')
    await until(() => lane.arrivedEnd !== null)
    lane.release(1)
    lane.edit(1, 1, Buffer.of(0x45), 'edited')
    lane.release(4)
    await readBytes(server, 5)
    lane.releaseEnd()
    expect(lines).toEqual([
      'c>s arrived 5',
      'c>s arrived fin',
      'c>s released 1',
      'c>s edited at 1: -1 +1',
      'c>s released 4',
      'c>s released fin',
    ])
    gate.destroy()
  })

  it('tells in one go of what passes at once, to who asks for that, and to others as arrived and released', async () => {
    const lines: string[] = []
    const asking: GateListener = {
      ...listenInto(lines),
      passed: (lane, bytes) => lines.push(`${lane} passed ${bytes.length}`),
    }
    const { client, server, gate } = await gated({ listener: joinListeners([asking, listenInto(lines)]) })
    const lane = gate.lanes.clientToServer
    client.write('held')
    await until(() => lane.held === 4)
    lane.setMode('running')
    await readBytes(server, 4)
    client.write('hello')
    await readBytes(server, 5)
    expect(lines.slice(4)).toEqual(['clientToServer passed 5', 'c>s arrived 5', 'c>s released 5'])
    expect(lines.slice(0, 4)).toEqual(['c>s arrived 4', 'c>s arrived 4', 'c>s released 4', 'c>s released 4'])
    expect([lane.arrived, lane.released]).toEqual([9, 9])
    gate.destroy()
  })
})
