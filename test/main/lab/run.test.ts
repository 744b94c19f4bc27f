import { describe, expect, it } from 'vitest'
import { lanes, roles } from '../../../shared/bytes/lanes.ts'
import { connectionView, ladderRows } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { converse, laneOf, logOf, must, openBareRun, openLab, openWorkspace, runAll, statesOf } from './labs.ts'

describe.each(dialectIds)('a %s lab run', (dialect) => {
  it('starts paused before the first byte of the request', async () => {
    const { run } = await openLab(dialect)
    const view = run.view()
    expect(view).toMatchObject({ live: true, activity: 'paused', atEnd: true, next: { label: 'GET /demo' } })
    expect(statesOf(run)).toEqual({ client: 'AWAITING_RESPONSE', server: 'AWAITING_REQUEST' })
    expect(laneOf(run, 'clientToServer')).toMatchObject({ delivered: 0, held: view.next?.held })
  })

  it('goes through the whole session by bytes: what observers say is what the endpoints are, at each of them', async () => {
    const { run, live } = await openBareRun(dialect)
    const connection = run.capture.connections[0]!
    let delivered = 0
    const stepAll = async () => {
      while (run.view().next !== null) {
        const [lane, before] = [run.view().next!.lane, laneOf(run, run.view().next!.lane)]
        must(await run.step('byte'))
        delivered += laneOf(run, lane).delivered - before.delivered
        for (const role of roles) expect(connection.stateAt(role, run.capture.end)).toBe(live.stateOf(role))
      }
    }
    await stepAll()
    expect(statesOf(run)).toEqual({ client: 'OPEN', server: 'OPEN' })
    must(await run.act('client', { kind: 'sendText', text: 'hello' }))
    await stepAll()
    must(await run.act('server', { kind: 'close' }))
    await stepAll()
    expect(statesOf(run)).toEqual({ client: 'CLOSED', server: 'CLOSED' })
    expect(run.view()).toMatchObject({ live: false, activity: 'ended', next: null })
    const total = lanes.map((lane) => laneOf(run, lane)).reduce((sum, { sent }) => sum + sent, 0)
    expect(delivered).toBe(total)
  })

  it('is the same log every time for one seed, and another for another', async () => {
    const { run: one } = await openLab(dialect, 7)
    const { run: same } = await openLab(dialect, 7)
    const { run: other } = await openLab(dialect, 8)
    for (const run of [one, same, other]) await converse(run)
    expect(logOf(same.capture)).toEqual(logOf(one.capture))
    expect(logOf(other.capture)).not.toEqual(logOf(one.capture))
  })

  it('goes back and forward again through the same places', async () => {
    const { run } = await openLab(dialect)
    await converse(run)
    const end = run.view().cursor
    const back = []
    while (run.view().cursor.record > 0 && back.length < 100) {
      const { from, to } = must(await run.back())
      if (from.record === to.record && from.bytes === to.bytes) break
      back.push({ at: from, states: run.view().connections[0]!.states })
    }
    const forward = []
    for (let step = 0; step < back.length; step += 1) {
      const states = statesOf(run)
      forward.push({ at: must(await run.step('unit')).to, states })
    }
    expect(forward.reverse()).toEqual(back)
    expect(run.view()).toMatchObject({ atEnd: true, cursor: end })
  })

  it('never changes the log by moving through it', async () => {
    const { run } = await openLab(dialect)
    await converse(run)
    const { length } = run.capture
    must(await run.start())
    for (let step = 0; step < 20; step += 1) must(await run.step('field'))
    must(await run.goto({ record: 5, bytes: 0 }))
    must(await run.endOfLog())
    expect(run.capture.length).toBe(length)
  })

  it('tells why an end cannot do what it is asked to', async () => {
    const { run } = await openLab(dialect)
    const { length } = run.capture
    const refused = await run.act('client', { kind: 'sendText', text: 'too early' })
    expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(run.capture.length).toBe(length)
  })

  it('ends an end without a closing handshake, and holds that FIN like anything else', async () => {
    const { run } = await openLab(dialect)
    await runAll(run)
    must(await run.act('client', { kind: 'end' }))
    expect(run.view().next).toMatchObject({ lane: 'clientToServer', label: 'FIN', held: 0 })
    expect(laneOf(run, 'clientToServer')).toMatchObject({ sentEnd: 'fin', deliveredEnd: null })
    must(await run.step('unit'))
    expect(laneOf(run, 'clientToServer').deliveredEnd).toBe('fin')
    await runAll(run)
    expect(run.view().activity).toBe('ended')
  })

  it('is saved, and opened again shows the same', async () => {
    const { workspace, run } = await openLab(dialect)
    await converse(run)
    must(await run.note('that was it'))
    const path = `${workspace.current!.view().path}.saved.pcapng`
    expect(must(await run.saveAs(path))).toBe(path)
    expect(run.view().saved).toBe(true)
    const opened = must(await workspace.openFile(path))
    expect(opened.view()).toMatchObject({ source: 'file', live: false, saved: true, warnings: [] })
    const pictures = [run, opened].map(({ capture }) => {
      const cursors = Array.from({ length: capture.length + 1 }, (_, record) => ({ record, bytes: 0 }))
      return cursors.map((cursor) => [connectionView(capture, 1, cursor), ladderRows(capture, 1, cursor, 0, 100)])
    })
    expect(pictures[1]).toEqual(pictures[0])
  })

  it('asks for a URL that does not depend on the ports it really uses', async () => {
    const { run } = await openLab(dialect)
    const { url } = run.view().connections[0]!
    expect(url).toBe('ws://127.0.0.1:4502/demo')
    expect(run.view().warnings).toEqual([])
  })
})

describe('a run', () => {
  it('says at its end that nothing is held', async () => {
    const { run } = await openLab('hello-00')
    await runAll(run)
    const nothing = { ok: false, error: 'Nothing is held: make an end send something, or close.' }
    expect(await run.step('unit')).toEqual(nothing)
    expect(await run.run()).toEqual(nothing)
    expect(await run.step('byte', { lane: 'serverToClient' })).toMatchObject({
      ok: false,
      error: expect.stringContaining("Nothing is held on the server's lane"),
    })
  })

  it('steps the lane it is told to, and by as many as it is told to', async () => {
    const { run } = await openLab('rfc6455')
    await runAll(run)
    must(await run.act('client', { kind: 'sendText', text: 'one' }))
    must(await run.act('server', { kind: 'sendText', text: 'two' }))
    expect(run.view().next?.lane).toBe('clientToServer')
    const before = laneOf(run, 'serverToClient').delivered
    must(await run.step('byte', { lane: 'serverToClient', count: 3 }))
    expect(laneOf(run, 'serverToClient').delivered).toBe(before + 3)
    expect(laneOf(run, 'clientToServer').held).toBe(9)
  })

  it('takes commands in the order they were given', async () => {
    const { run } = await openLab('hello-00')
    const results = await Promise.all([run.step('byte'), run.step('byte'), run.back(1, 'byte'), run.step('byte')])
    const places = results.map((result) => must(result).to)
    expect(places[2]).toEqual(places[0])
    expect(places[3]).toEqual(places[1])
  })

  it('refuses places that are not in the log', async () => {
    const { run } = await openLab('hello-00')
    expect(await run.goto({ record: 99, bytes: 0 })).toEqual({
      ok: false,
      error: 'There is no record 99: the log has 3. Choose 0 to 3.',
    })
    expect(await run.goto({ record: 1, bytes: 4 })).toMatchObject({ ok: false })
  })

  it('does nothing any more once it is closed', async () => {
    const { workspace, run } = await openLab('hello-00')
    must(await workspace.closeRun(run.id))
    expect(workspace.runs).toEqual([])
    expect(workspace.current).toBeNull()
    expect(await run.step('byte')).toMatchObject({ ok: false, error: expect.stringContaining('closed') })
  })

  it('writes notes at the end of a live log only', async () => {
    const { workspace, run } = await openLab('hello-00')
    must(await run.note('first'))
    must(await run.start())
    expect(await run.note('second')).toMatchObject({ ok: false, error: expect.stringContaining('go to the end') })
    const file = must(await workspace.openFile(run.view().path))
    expect(await file.note('third')).toMatchObject({ ok: false, error: expect.stringContaining('fork') })
  })

  it('grows its version with every change and tells of it', async () => {
    const changes: string[] = []
    const workspace = openWorkspace({ onChange: (change) => changes.push(change) })
    const run = must(await workspace.openLab({ dialect: 'hello-00', seed: 7 }))
    expect(changes).toEqual(['runs'])
    const { version } = run.view()
    must(await run.step('byte'))
    expect(changes).toEqual(['runs', 'run'])
    expect(run.view().version).toBeGreaterThan(version)
  })
})
