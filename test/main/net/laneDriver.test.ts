import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../main/net/clock.ts'
import { type Allowance, createLaneDriver, type LaneDriver } from '../../../main/net/laneDriver.ts'
import { unshaped } from '../../../main/net/shaping.ts'
import { gated, listenInto, peerOn, until } from './sockets.ts'

/** Time that passes when it is told to. */
function handClock(): Clock & { pass(milliseconds: number): void } {
  let time = 0
  const waits: { at: number; wake: () => void }[] = []
  return {
    now: () => time,
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        waits.push({ at: time + milliseconds, wake: resolve })
        signal.addEventListener('abort', () => resolve())
      }),
    pass: (milliseconds) => {
      time += milliseconds
      for (const { at, wake } of waits) if (at <= time) wake()
    },
  }
}

async function driven() {
  const lines: string[] = []
  const listener = listenInto(lines)
  let driver: LaneDriver | null = null
  const sockets = await gated({
    listener: {
      ...listener,
      arrived: (lane, bytes) => {
        listener.arrived(lane, bytes)
        if (lane === 'clientToServer') driver?.arrived(bytes.length)
      },
      arrivedEnd: (lane, how) => {
        listener.arrivedEnd(lane, how)
        if (lane === 'clientToServer') driver?.arrived(0)
      },
    },
  })
  const clock = handClock()
  const lane = sockets.gate.lanes.clientToServer
  driver = createLaneDriver(lane, clock)
  return { ...sockets, to: peerOn(sockets.server), lane, clock, driver, lines }
}

describe('a driven lane', () => {
  it('holds at first, and lets all through that it holds when it begins to run', async () => {
    const { client, to, lane, driver } = await driven()
    client.write('held')
    await until(() => lane.held === 4)
    driver.setMode('running')
    expect((await to.gets(4)).toString()).toBe('held')
    client.write('passed')
    expect((await to.gets(10)).toString()).toBe('heldpassed')
    driver.setMode('held')
    client.write('again')
    await until(() => lane.held === 5)
  })

  it('delays bytes, and lets the end of the stream through behind them', async () => {
    const { client, to, lane, driver, clock, lines } = await driven()
    driver.shape({ ...unshaped, delay: 200 })
    driver.setMode('running')
    client.end('late')
    await until(() => lane.arrivedEnd === 'fin')
    expect(lane.released).toBe(0)
    clock.pass(199)
    await new Promise(setImmediate)
    expect(lane.released).toBe(0)
    clock.pass(1)
    expect((await to.gets(4)).toString()).toBe('late')
    await to.ended
    expect(lines.slice(-2)).toEqual(['c>s released 4', 'c>s released fin'])
  })

  it('delays the end of a stream that comes alone as long as bytes', async () => {
    const { client, to, lane, driver, clock } = await driven()
    driver.shape({ ...unshaped, delay: 200 })
    driver.setMode('running')
    client.end()
    await until(() => lane.arrivedEnd === 'fin')
    clock.pass(199)
    await new Promise(setImmediate)
    expect(lane.releasedEnd).toBe(null)
    clock.pass(1)
    await to.ended
  })

  it('throttles: so many bytes a second, in their order', async () => {
    const { client, to, lane, driver, clock } = await driven()
    driver.shape({ ...unshaped, rate: 100 })
    driver.setMode('running')
    client.write('0123456789')
    await until(() => lane.arrived === 10)
    const at: number[] = []
    while (lane.held > 0) {
      at.push(lane.released)
      clock.pass(20)
      await new Promise(setImmediate)
    }
    expect(at).toEqual([2, 4, 6, 8])
    expect((await to.gets(10)).toString()).toBe('0123456789')
  })

  it('writes byte by byte, each in a write of its own', async () => {
    const { client, to, driver, lines } = await driven()
    driver.shape({ ...unshaped, segments: 'byte' })
    driver.setMode('running')
    client.write('abc')
    expect((await to.gets(3)).toString()).toBe('abc')
    expect(lines).toEqual(['c>s arrived 3', 'c>s released 1', 'c>s released 1', 'c>s released 1'])
  })

  it('merges what comes within a moment into one write', async () => {
    const { client, to, lane, driver, clock, lines } = await driven()
    driver.shape({ ...unshaped, segments: 'merge' })
    driver.setMode('running')
    for (const [index, part] of ['one', 'two', 'six'].entries()) {
      client.write(part)
      await until(() => lane.arrived === 3 * (index + 1))
    }
    clock.pass(50)
    expect((await to.gets(9)).toString()).toBe('onetwosix')
    expect(lines.at(-1)).toBe('c>s released 9')
  })

  it('passes on at once again when the shaping is lifted, what waits first', async () => {
    const { client, to, lane, driver } = await driven()
    driver.shape({ ...unshaped, delay: 1_000_000 })
    driver.setMode('running')
    client.write('waits')
    await until(() => lane.held === 5)
    driver.shape(unshaped)
    expect((await to.gets(5)).toString()).toBe('waits')
  })

  it('asks before anything goes on: how much, to wait, or to hold', async () => {
    const { client, to, lane, driver } = await driven()
    const answers: Allowance[] = ['wait', 2, 'wait', 1, 'hold']
    driver.look(() => answers.shift()!)
    driver.setMode('running')
    client.write('abcd')
    expect((await to.gets(2)).toString()).toBe('ab')
    client.write('e')
    expect((await to.gets(3)).toString()).toBe('abc')
    expect(driver.mode).toBe('held')
    expect(lane.held).toBe(2)
    driver.look(null)
    expect(lane.held).toBe(2)
    driver.setMode('running')
    expect((await to.gets(5)).toString()).toBe('abcde')
  })

  it('keeps single bytes at the gate while the destination takes no more', async () => {
    const { client, server, to, lane, driver } = await driven()
    server.pause()
    driver.shape({ ...unshaped, segments: 'random' })
    driver.setMode('running')
    const block = Buffer.alloc(1024 * 1024, 7)
    for (let index = 0; index < 24; index += 1) client.write(block)
    await until(() => lane.congested)
    expect(lane.held).toBeGreaterThan(0)
    server.resume()
    expect((await to.gets(24 * block.length)).length).toBe(24 * block.length)
  })
})
