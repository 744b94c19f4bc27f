import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goLive, type LabSetup } from '../../../main/lab/live.ts'
import { recordTo, startRecording } from '../../../main/lab/recording.ts'
import { holdLimit } from '../../../main/net/gate.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { faultViews } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import {
  converse,
  laneOf,
  logOf,
  must,
  openLab,
  openWorkspace,
  runAll,
  statesOf,
  temporaryFolder,
  whereOf,
} from './labs.ts'

const toClient = 'serverToClient'

describe.each(dialectIds)('a fork of a %s run', (dialect) => {
  it('shares the log up to the cursor, from any place of it, and can go on to the same end', async () => {
    const { workspace, run } = await openLab(dialect)
    await converse(run)
    const whole = logOf(run.capture)
    for (let record = 0; record <= run.capture.length; record += 1) {
      const fork = whereOf(await run.fork({ record, bytes: 0 }))
      expect(logOf(fork.capture).slice(0, record)).toEqual(whole.slice(0, record))
      expect(fork.view()).toMatchObject({ source: 'lab', forkOf: { run: run.id, cursor: { record, bytes: 0 } } })
      must(await workspace.closeRun(fork.id))
    }
    const again = whereOf(await run.fork({ record: 3, bytes: 0 }))
    await converse(again)
    expect(logOf(again.capture)).toEqual(whole)
  })

  it('can begin inside a delivered record, exactly', async () => {
    const { run } = await openLab(dialect)
    must(await run.step('unit'))
    const fork = whereOf(await run.fork({ record: 3, bytes: 10 }))
    expect(laneOf(fork, 'clientToServer').delivered).toBe(10)
    expect(statesOf(fork).server).toBe('AWAITING_REQUEST')
    must(await fork.step('byte'))
    expect(laneOf(fork, 'clientToServer').delivered).toBe(11)
    await runAll(fork)
    expect(statesOf(fork)).toEqual({ client: 'OPEN', server: 'OPEN' })
  })

  it('takes edits, drops and ends of the history along', async () => {
    const { run } = await openLab(dialect)
    await runAll(run)
    must(await run.act('client', { kind: 'sendText', text: 'one' }))
    must(await run.act('client', { kind: 'sendText', text: 'two' }))
    const { delivered } = laneOf(run, 'clientToServer')
    must(await run.drop('clientToServer', delivered))
    must(await run.duplicate('clientToServer', delivered))
    must(await run.step('unit'))
    must(await run.act('client', { kind: 'end' }))
    await runAll(run)
    const fork = whereOf(await run.fork())
    expect(logOf(fork.capture)).toEqual(logOf(run.capture))
    expect(statesOf(fork)).toEqual(statesOf(run))
  })

  it('happens by itself when the wire is changed at an earlier cursor, and the old run stays as it was', async () => {
    const { workspace, run } = await openLab(dialect)
    await converse(run)
    const whole = logOf(run.capture)
    must(await run.goto({ record: 3, bytes: 0 }))
    const fork = whereOf(await run.edit('clientToServer', 0, 1, Buffer.from('P')))
    expect(fork).not.toBe(run)
    expect(workspace.current).toBe(fork)
    expect(workspace.runs).toEqual([run, fork])
    expect(logOf(run.capture)).toEqual(whole)
    expect(run.view().cursor).toEqual({ record: 3, bytes: 0 })
    await runAll(fork)
    expect(statesOf(fork).server).toBe('FAILED')
  })
})

describe('a fork', () => {
  it('in which one digit of the digest is changed makes the client refuse, and leaves the old branch intact', async () => {
    const { workspace, run } = await openLab('hello-00')
    must(await run.step('unit'))
    must(await run.step('unit'))
    const beforeHello = run.view().cursor
    await runAll(run)
    expect(statesOf(run)).toEqual({ client: 'OPEN', server: 'OPEN' })

    must(await run.goto(beforeHello))
    const { delivered, held } = laneOf(run, toClient)
    const fork = whereOf(await run.edit(toClient, delivered + held - 1, 1, Buffer.of(0)))
    await runAll(fork)
    expect(statesOf(fork).client).toBe('FAILED')
    expect(faultViews(fork.capture, 1, fork.view().cursor, 0, 10).rows.map(({ code }) => code)).toContain(
      'hello.digest',
    )

    must(workspace.select(run.id))
    must(await run.endOfLog())
    expect(statesOf(run)).toEqual({ client: 'OPEN', server: 'OPEN' })
    expect(run.view().faultCount).toBe(0)
  })

  it('is taken back when the command it was made for is refused', async () => {
    const { workspace, run } = await openLab('hello-00')
    await runAll(run)
    must(await run.goto({ record: 3, bytes: 0 }))
    const files = readdirSync(dirname(run.view().path))
    expect(await run.act('client', { kind: 'sendText', text: 'too early' })).toMatchObject({ ok: false })
    expect(workspace.runs).toEqual([run])
    expect(workspace.current).toBe(run)
    expect(readdirSync(dirname(run.view().path))).toEqual(files)
  })

  it('of a session opened from a file goes on live', async () => {
    const { workspace, run } = await openLab('hello-00')
    must(await run.step('unit'))
    const { path } = run.view()
    await workspace.shutdown()

    const other = openWorkspace()
    const opened = must(await other.openFile(path))
    expect(opened.view()).toMatchObject({ live: false, activity: 'ended' })
    const live = whereOf(await opened.step('unit'))
    expect(live.view()).toMatchObject({ live: true, source: 'lab', forkOf: { run: opened.id } })
    await converse(live)
    expect(statesOf(live)).toEqual({ client: 'CLOSED', server: 'CLOSED' })
  })

  it('takes along what a full lane held, and what was still behind it', async () => {
    const { run } = await openLab('hello-00')
    await runAll(run)
    const size = 3 * holdLimit
    must(await run.act('client', { kind: 'sendBinary', bytes: new Uint8Array(size) }))
    must(await run.step('all'))
    expect(laneOf(run, 'clientToServer').sent).toBeLessThan(size)
    const fork = whereOf(await run.fork())
    for (const branch of [run, fork]) {
      while (branch.view().next) must(await branch.step('all'))
      expect(branch.view().messageCount).toBe(1)
    }
  })

  it('rebuilds ends that were asked for subprotocols', async () => {
    const workspace = openWorkspace()
    const run = must(await workspace.openLab({ dialect: 'rfc6455', seed: 3, subprotocols: ['chat', 'superchat'] }))
    await runAll(run)
    const opened = must(await workspace.openFile(run.view().path))
    const fork = whereOf(await opened.fork())
    expect(logOf(fork.capture)).toEqual(logOf(run.capture))
  })

  it('is refused, and leaves no file, when the ends do not do again what was recorded', async () => {
    const folder = temporaryFolder()
    const onTrouble = () => {}
    const recording = startRecording({ folder: folder, name: 'hello-00', now: 0, onTrouble })
    const setup: LabSetup = {
      ...{
        kind: 'open',
        time: 0,
        connection: 1,
        dialect: 'hello-00',
        url: 'ws://127.0.0.1/',
        seed: 7,
        inProcess: true,
      },
    }
    const live = must(await goLive({ setup, history: [], log: recording.capture.append, now: () => 1 }))
    must(await live.connection(1)!.act('client', { kind: 'open' }))
    await live.close()
    const history = [1, 2].map((index) => recording.capture.record(index))
    const { append } = createCapture(createMemoryStore())
    const otherSeed = await goLive({ setup: { ...setup, seed: 8 }, history, log: append, now: () => 1 })
    expect(otherSeed).toEqual({
      ok: false,
      error: 'Record 2 cannot be repeated: the client sends other bytes now than were recorded.',
    })
    const elsewhere = history.map((record) => ({ ...record, connection: 2 }))
    const otherConnection = await goLive({
      ...{ setup, history: elsewhere, now: () => 1 },
      log: createCapture(createMemoryStore()).append,
    })
    expect(otherConnection).toEqual({
      ok: false,
      error: 'Record 1 cannot be repeated: it is of another connection.',
    })
  })

  it('is refused with a reason when the ends were other programs', async () => {
    const folder = temporaryFolder()
    const recording = must(recordTo(`${folder}/tap.pcapng`, () => {}))
    const at = (port: number) => ({ host: '127.0.0.1', port })
    const topology = { client: at(1), gateForClient: at(2), gateForServer: at(3), server: at(4) }
    recording.capture.append({ kind: 'open', time: 0, connection: 1, topology, dialect: 'rfc6455' })
    recording.close()
    const dataFolder = temporaryFolder()
    const opened = must(await openWorkspace({ dataFolder }).openFile(`${folder}/tap.pcapng`))
    expect(await opened.fork()).toEqual({
      ok: false,
      error: 'Only a lab session can be forked: the ends of this one were other programs, which cannot be rebuilt.',
    })
    expect(await opened.act('client', { kind: 'end' })).toMatchObject({ ok: false })
    expect(readdirSync(dataFolder)).toEqual([])
  })
})

describe('a workspace', () => {
  it('records every run to a file of its own, whatever it is called', async () => {
    const { workspace, run } = await openLab('hello-00')
    await workspace.openLab({ dialect: 'hello-00', seed: 7 })
    await run.fork()
    const paths = workspace.runs.map((each) => each.view().path)
    expect(new Set(paths).size).toBe(3)
    expect(new Set(paths.map(dirname)).size).toBe(1)
  })

  it('says which runs there are not, and which files are no sessions', async () => {
    const workspace = openWorkspace()
    expect(workspace.select(4)).toEqual({
      ok: false,
      error: 'There is no run 4; list the runs to see their numbers.',
    })
    expect(await workspace.closeRun(4)).toMatchObject({ ok: false })
    expect(await workspace.openFile('/nowhere/at all.pcapng')).toMatchObject({ ok: false })
    expect(workspace.runs).toEqual([])
  })

  it('does not record over a file that exists', async () => {
    const { workspace, run } = await openLab('hello-00')
    const { path } = run.view()
    const again = await workspace.openLab({ dialect: 'hello-00', record: path })
    expect(again).toMatchObject({ ok: false, error: expect.stringContaining(path) })
    expect(workspace.runs).toEqual([run])
  })
})
