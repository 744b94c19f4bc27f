import { describe, expect, it } from 'vitest'
import type { Run } from '../../../main/lab/types.ts'
import type { Clock } from '../../../main/net/clock.ts'
import { converse, laneOf, must, openLab, openWorkspace, runAll, statesOf } from './labs.ts'

describe('running', () => {
  it('goes on until nothing is held', async () => {
    const { run } = await openLab('hello-00')
    must(await run.run())
    expect(run.view()).toMatchObject({ activity: 'paused', stoppedBy: null, next: null })
    expect(statesOf(run)).toEqual({ client: 'OPEN', server: 'OPEN' })
  })

  it('stops where it is when it is paused', async () => {
    const { run } = await openLab('hello-00')
    const running = run.run()
    must(await run.pause())
    must(await running)
    expect(run.view().activity).toBe('paused')
    expect(run.view().next).not.toBeNull()
  })

  it('lets an end send meanwhile, and lets that through too', async () => {
    const { run } = await openLab('rfc6455')
    await runAll(run)
    must(await run.act('client', { kind: 'sendText', text: 'one' }))
    must(await run.act('client', { kind: 'sendText', text: 'two' }))
    const running = run.run()
    must(await run.act('server', { kind: 'sendText', text: 'three' }))
    must(await running)
    expect(laneOf(run, 'serverToClient').held).toBe(0)
    expect(run.view().messageCount).toBe(3)
  })

  it('is stopped by a step', async () => {
    const { run } = await openLab('hello-00')
    const running = run.run()
    must(await run.step('byte'))
    must(await running)
    expect(run.view()).toMatchObject({ activity: 'paused' })
    expect(run.view().next).not.toBeNull()
  })

  it('goes through the record first when it starts at an earlier cursor', async () => {
    const { run } = await openLab('hello-00')
    await runAll(run)
    const { length } = run.capture
    must(await run.start())
    must(await run.run())
    expect(run.view().atEnd).toBe(true)
    expect(run.capture.length).toBe(length)
  })
})

describe('a breakpoint', () => {
  const cases = [
    ['lane=server', 'serverToClient', '101'],
    ['kind=response', 'serverToClient', '101'],
    ['opcode=hello', 'serverToClient', 'Hello'],
    ['lane=client kind=frame', 'clientToServer', 'Hello'],
    ['opcode=text', 'clientToServer', 'text'],
    ['kind=frame size<=10', 'clientToServer', 'Hello|text'],
    ['"ell"', 'clientToServer', 'text'],
    ['/h.llo/i', 'clientToServer', 'text'],
    ['state=client:OPEN', 'serverToClient', 'Hello'],
    ['state=server:OPEN', 'clientToServer', 'Hello'],
  ] as const

  it.each(cases)('on %s holds at the first byte of what meets it', async (condition, lane, label) => {
    const { run } = await openLab('hello-00')
    const id = must(await run.addBreakpoint(condition))
    must(await run.run())
    if (run.view().stoppedBy === null) {
      must(await run.act('client', { kind: 'sendText', text: 'Hello' }))
      must(await run.run())
    }
    const view = run.view()
    expect(view).toMatchObject({ activity: 'paused', stoppedBy: `breakpoint ${id}: ${condition}`, next: { lane } })
    expect(view.next!.label).toMatch(new RegExp(label))
    const connection = run.capture.connections[0]!
    expect(connection.deliveredLengthAt(lane, view.cursor)).toBe(connection.boundaryAt(lane, view.cursor))
  })

  it('on a fault holds before the unit that breaks the rule', async () => {
    const { run } = await openLab('hello-00')
    must(await run.step('unit'))
    must(await run.step('unit'))
    must(await run.addBreakpoint('fault=hello.digest'))
    const { delivered, held } = laneOf(run, 'serverToClient')
    must(await run.edit('serverToClient', delivered + held - 1, 1, Buffer.of(0)))
    must(await run.run())
    expect(run.view()).toMatchObject({ stoppedBy: 'breakpoint 1: fault=hello.digest', faultCount: 0 })
    must(await run.run())
    expect(run.view().stoppedBy).toBeNull()
    expect(run.view().faultCount).toBeGreaterThan(0)
  })

  it('holds once: going on from there lets the unit through', async () => {
    const { run } = await openLab('hello-00')
    must(await run.addBreakpoint('kind=response'))
    must(await run.run())
    must(await run.run())
    expect(statesOf(run)).toEqual({ client: 'OPEN', server: 'OPEN' })
  })

  it('holds in what is recorded too', async () => {
    const { run } = await openLab('hello-00')
    await runAll(run)
    must(await run.start())
    must(await run.addBreakpoint('opcode=hello lane=client'))
    must(await run.run())
    expect(run.view()).toMatchObject({ stoppedBy: 'breakpoint 1: opcode=hello lane=client', atEnd: false })
  })

  it('does not hold while it is switched off, or when it was removed', async () => {
    const { run } = await openLab('hello-00')
    must(await run.addBreakpoint('kind=response'))
    must(await run.addBreakpoint('opcode=hello'))
    must(await run.toggleBreakpoint(1))
    must(await run.removeBreakpoint(2))
    must(await run.run())
    expect(run.view()).toMatchObject({ stoppedBy: null, next: null, breakpoints: [{ id: 1, enabled: false }] })
    expect(await run.removeBreakpoint(2)).toMatchObject({ ok: false })
    expect(await run.addBreakpoint('colour=red')).toMatchObject({ ok: false })
  })
})

/** A clock whose time passes only while something waits for it, or when the test lets it. */
interface PatientClock extends Clock {
  /** How often something waited. */
  waits: number
  pass(milliseconds: number): void
}

function patientClock(): PatientClock {
  let time = 1_800_000_000_000
  const clock: PatientClock = {
    waits: 0,
    now: () => time,
    wait: async (milliseconds) => {
      clock.waits += 1
      time += milliseconds
    },
    pass: (milliseconds) => {
      time += milliseconds
    },
  }
  return clock
}

/** A conversation in which a minute passed before the close. */
async function slowRun(): Promise<{ run: Run; clock: PatientClock }> {
  const clock = patientClock()
  const workspace = openWorkspace({ clock })
  const run = must(await workspace.openLab({ dialect: 'hello-00', seed: 7 }))
  await runAll(run)
  clock.pass(60_000)
  await converse(run)
  return { run, clock }
}

describe('playing', () => {
  it('moves the cursor to the end in recorded time, with no pause longer than a second', async () => {
    const { run, clock } = await slowRun()
    must(await run.start())
    must(await run.play(1))
    expect(run.view()).toMatchObject({ atEnd: true, activity: 'ended' })
    expect(clock.waits).toBe(Math.ceil(1000 / 16))
  })

  it('takes half the time at twice the speed', async () => {
    const { run, clock } = await slowRun()
    must(await run.start())
    must(await run.play(2))
    expect(clock.waits).toBe(Math.ceil(500 / 16))
  })

  it('shows one unit a frame at the highest speed', async () => {
    const { run, clock } = await slowRun()
    must(await run.start())
    const { rowsTotal } = run.view()
    must(await run.play(Number.POSITIVE_INFINITY))
    expect(run.view()).toMatchObject({ atEnd: true, speed: Number.POSITIVE_INFINITY })
    expect(clock.waits).toBeGreaterThanOrEqual(rowsTotal)
    expect(clock.waits).toBeLessThanOrEqual(rowsTotal + 2)
  })

  it('starts from the start when it is at the end', async () => {
    const { run, clock } = await slowRun()
    must(await run.play(1))
    expect(run.view().atEnd).toBe(true)
    expect(clock.waits).toBeGreaterThan(0)
  })

  it('stops where it is when it is paused', async () => {
    const { run } = await slowRun()
    const playing = run.play(0.1)
    must(await run.pause())
    must(await playing)
    expect(run.view()).toMatchObject({ activity: 'paused', atEnd: false })
  })

  it('refuses a speed that is none', async () => {
    const { run } = await openLab('hello-00')
    expect(await run.setSpeed(0)).toMatchObject({ ok: false })
    expect(await run.play(Number.NaN)).toMatchObject({ ok: false })
  })
})
