// A tap in the workspace: other people's programs, seen and held as they talk.
import { describe, expect, it, vi } from 'vitest'
import { openRecording } from '../../../main/lab/recording.ts'
import { until } from '../net/sockets.ts'
import { must, temporaryFolder } from './labs.ts'
import { openTap, request, response, shakeHands, tapTo, textFrame } from './taps.ts'

const hello = textFrame('client', 'hello')
const toServer = 'clientToServer'
const toClient = 'serverToClient'

describe('a tap', () => {
  it('shows a connection as soon as it is accepted, before the server is reached', async () => {
    // Nobody answers at this address, which is kept for documentation: dialling takes as long as it takes.
    const { run, dial, sees } = await tapTo({ upstream: 'ws://192.0.2.1:9/' })
    expect(run.view()).toMatchObject({ source: 'live', live: true, connections: [], connectionCount: 0, next: null })
    dial()
    await sees(({ connectionCount }) => connectionCount === 1)
    const { rows } = run.connections(0, 10)
    expect(['dialling', 'refused']).toContain(rows[0]?.state)
  })

  it('passes what comes while its lanes run, and shows it in every view', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    peers.client.socket.write(hello)
    expect((await peers.server.gets(request.length + hello.length)).subarray(request.length)).toEqual(
      Buffer.from(hello),
    )
    const view = await sees(({ messageCount }) => messageCount === 1)
    expect(view).toMatchObject({ atEnd: true, activity: 'paused', connection: 1, dialect: 'rfc6455' })
    expect(view.connections[0]!.states).toEqual({ client: 'OPEN', server: 'OPEN' })
    expect(view.connections[0]!.detection?.kind).toBe('told')
    expect(run.connections(0, 10).rows).toMatchObject([
      {
        id: 1,
        state: 'open',
        units: 3,
        bytes: { [toServer]: request.length + hello.length, [toClient]: response.length },
      },
    ])
  })

  it('holds new connections when it is told to, and lets units of each through step by step', async () => {
    const { run, join, sees } = await openTap({ mode: 'held' })
    const [one, other] = [await join(), await join()]
    one.client.socket.write(request)
    other.client.socket.write(request)
    await sees(() => run.connections(0, 2).rows.every(({ held }) => held[toServer] === request.length))
    must(await run.step('byte'))
    expect((await one.server.gets(1)).toString()).toBe('G')
    must(await run.selectConnection(2))
    must(await run.step('unit'))
    expect(await other.server.gets(request.length)).toEqual(Buffer.from(request))
    expect(one.server.got().length).toBe(1)
  })

  it('holds and lets go lanes one by one, of one connection or of all and those to come', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.setMode(toServer, 'held', false))
    peers.client.socket.write(hello)
    peers.server.socket.write(textFrame('server', 'still comes through'))
    await peers.client.gets(response.length + 2)
    await sees(({ next }) => next?.held === hello.length)
    expect(run.view().gates).toMatchObject({ [toServer]: { mode: 'held' }, [toClient]: { mode: 'running' } })
    must(await run.setMode(null, 'running', false))
    await peers.server.gets(request.length + hello.length)
    must(await run.setMode(toClient, 'held', true))
    expect(run.view().tap!.modes).toEqual({ [toServer]: 'running', [toClient]: 'held' })
    const next = await join()
    next.server.socket.write('x')
    await sees(() => run.connections(1, 1).rows[0]?.held[toClient] === 1)
    expect(next.client.got().length).toBe(0)
  })

  it('goes along with the traffic until somebody steps back, and again from the end', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    const before = await sees(({ rowsDone }) => rowsDone === 2)
    must(await run.back())
    const there = run.view().cursor
    peers.client.socket.write(hello)
    await peers.server.gets(request.length + hello.length)
    const behind = await sees(({ end }) => end.record > before.end.record + 1)
    expect(behind).toMatchObject({ cursor: there, atEnd: false, rowsDone: 1, rowsTotal: 3 })
    must(await run.run())
    expect(run.view()).toMatchObject({ atEnd: true, rowsDone: 3 })
    peers.client.socket.write(hello)
    await sees(({ rowsDone, atEnd }) => rowsDone === 4 && atEnd)
  })

  it('changes nothing at an earlier moment, and cannot be forked: the ends are other programs', async () => {
    const { run, join, workspace } = await openTap({ mode: 'held' })
    const peers = await join()
    peers.client.socket.write(request)
    await until(() => run.view().next?.held === request.length)
    must(await run.start())
    expect(await run.insert(toServer, 0, Uint8Array.of(1))).toEqual({
      ok: false,
      error: 'This is an earlier moment of live traffic, and what happened cannot be changed: end goes back to now.',
    })
    expect(await run.fork()).toEqual({
      ok: false,
      error: 'Only a lab session can be forked: the ends of this one were other programs, which cannot be rebuilt.',
    })
    must(await run.endOfLog())
    expect((await run.act('client', { kind: 'sendText', text: 'x' })).ok).toBe(false)
    expect(workspace.runs).toEqual([run])
  })

  it('edits, inserts, drops and duplicates what it holds', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.setMode(toServer, 'held', false))
    const [one, two] = [textFrame('client', 'one'), textFrame('client', 'two')]
    peers.client.socket.write(Buffer.concat([one, two]))
    await sees(({ next }) => next?.held === one.length + two.length)
    must(await run.drop(toServer, request.length))
    must(await run.duplicate(toServer, request.length))
    must(await run.edit(toServer, request.length, 1, Uint8Array.of(0x82)))
    must(await run.insert(toServer, request.length, Uint8Array.of(0x89, 0x80, 0, 0, 0, 0)))
    must(await run.step('all'))
    const edited = Buffer.from(two)
    edited[0] = 0x82
    const want = Buffer.concat([Buffer.of(0x89, 0x80, 0, 0, 0, 0), edited, two])
    expect((await peers.server.gets(request.length + want.length)).subarray(request.length)).toEqual(want)
  })

  it('stops a running lane at the first byte of a unit that a breakpoint asks for, and goes on from there', async () => {
    const { run, join, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.addBreakpoint('"stop"'))
    const [go, stop] = [textFrame('client', 'go'), textFrame('client', 'stop here')]
    peers.client.socket.write(go)
    peers.client.socket.write(stop.subarray(0, 5))
    await peers.server.gets(request.length + go.length)
    peers.client.socket.write(stop.subarray(5))
    const stopped = await sees(({ stoppedBy }) => stoppedBy !== null)
    expect(stopped).toMatchObject({ stoppedBy: 'breakpoint 1 on connection 1: "stop"', next: { held: stop.length } })
    expect(stopped.gates![toServer]).toMatchObject({ mode: 'held', stopped: true })
    expect(peers.server.got().length).toBe(request.length + go.length)
    must(await run.run())
    expect(run.view().stoppedBy).toBe(null)
    await peers.server.gets(request.length + go.length + stop.length)
    peers.client.socket.write(go)
    await peers.server.gets(request.length + 2 * go.length + stop.length)
    expect(run.view().gates![toServer]).toMatchObject({ mode: 'running', stopped: false })
  })

  it('passes on what is no WebSocket at all while a breakpoint is set', async () => {
    const { run, join } = await openTap()
    must(await run.addBreakpoint('fault'))
    must(await run.removeBreakpoint(1))
    must(await run.addBreakpoint('"never"'))
    const { client, server } = await join()
    client.socket.end('GET / HTTP/1.0\r\n\r\n')
    await server.ended
    server.socket.write('HTTP/1.0 200 OK\r\n\r\na page that does not')
    await client.gets(35)
    server.socket.end(' end')
    await client.ended
    expect(client.got().toString()).toBe('HTTP/1.0 200 OK\r\n\r\na page that does not end')
  })

  it('passes on what a client says behind an ordinary HTTP request while a breakpoint is set', async () => {
    const { run, join } = await openTap()
    must(await run.addBreakpoint('opcode close'))
    const { client, server } = await join()
    const [get, page] = ['GET /page HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok']
    for (const times of [1, 2, 3]) {
      client.socket.write(get)
      await server.gets(get.length * times)
      server.socket.write(page)
      await client.gets(page.length * times)
    }
    expect(server.got().toString()).toBe(get.repeat(3))
  })

  it('passes half-closes and resets on as they are, and says when a connection is over', async () => {
    const { run, join, sees } = await openTap()
    const half = await join()
    half.client.socket.end('done')
    await half.server.ended
    half.server.socket.end('after your end')
    await half.client.ended
    expect(half.client.got().toString()).toBe('after your end')
    const reset = await join()
    await sees(() => run.connections(1, 1).rows[0]?.state === 'open')
    reset.server.socket.resetAndDestroy()
    await new Promise((resolve) => reset.client.socket.once('close', resolve))
    await sees(() => run.connections(0, 2).rows.every(({ state }) => state === 'over'))
    expect(run.capture.connection(1).deliveredEndAt(toServer, run.capture.end)).toBe('fin')
    expect(run.capture.connection(2).deliveredEndAt(toClient, run.capture.end)).toBe('reset')
    expect(await run.setMode(null, 'held', false)).toEqual({
      ok: false,
      error: 'Connection 1 is over: its lanes carry nothing any more.',
    })
  })

  it('says why the server was not reached, and resets the client', async () => {
    const { run, dial, sees } = await tapTo({ upstream: 'ws://127.0.0.1:1/' })
    const client = dial()
    await new Promise((resolve) => client.socket.once('close', resolve))
    await sees(() => run.connections(0, 1).rows[0]?.state === 'refused')
    expect(run.connections(0, 1).rows[0]?.says).toMatch(/^Nothing listens on 127\.0\.0\.1:1/)
  })

  it('is slowed by a slow reader, and so is the sender, whatever is switched on', async () => {
    const { run, join } = await openTap()
    must(await run.addBreakpoint('"never"'))
    const { client, server } = await join()
    server.socket.pause()
    const block = Buffer.alloc(1024 * 1024)
    let sent = 0
    while (client.socket.write(block) || client.socket.writableLength < 4 * block.length) {
      sent += block.length
      await new Promise(setImmediate)
      if (sent > 256 * block.length) throw new Error('the sender is never slowed')
    }
    const { held } = run.connections(0, 1).rows[0]!
    expect(held[toServer]).toBeLessThan(10 * block.length)
  })

  it('records as it happens, with notes, and what was recorded opens again', async () => {
    const path = `${temporaryFolder()}/seen.pcapng`
    const { run, join, workspace } = await openTap({ record: path })
    const peers = await join()
    await shakeHands(peers)
    must(await run.note('shaken'))
    // As another process finds it, a moment later: what is less than a block waits that long.
    await vi.waitFor(async () => {
      const early = must(await openRecording(path))
      expect(early.capture.connections.length).toBe(1)
      early.close()
    })
    const log = run.capture.length
    must(await workspace.closeRun(run.id))
    const again = must(await openRecording(path))
    expect(again.capture.length).toBeGreaterThanOrEqual(log)
    expect(again.capture.problems).toEqual([])
    again.close()
  })

  it('stops listening and lets open connections go on; the run is over with the last of them', async () => {
    const { run, join, dial, sees } = await openTap()
    const peers = await join()
    await shakeHands(peers)
    must(await run.stopListening())
    expect(run.view()).toMatchObject({ live: true, tap: { listening: null } })
    const late = dial()
    await new Promise((resolve) => late.socket.once('close', resolve))
    peers.client.socket.write(hello)
    await peers.server.gets(request.length + hello.length)
    peers.client.socket.end()
    peers.server.socket.end()
    await sees(({ live, activity }) => !live && activity === 'ended')
    expect((await run.stopListening()).ok).toBe(false)
  })

  it('does nothing that needs a connection before there is one', async () => {
    const { run } = await openTap()
    for (const refused of [run.step('unit'), run.back(), run.note('x'), run.edit(toServer, 0, 0, Uint8Array.of(1))]) {
      expect(await refused).toEqual({ ok: false, error: 'No connection has come yet: point a client at the tap.' })
    }
  })

  it('shows all of few connections, and of many only the one that is looked at', async () => {
    const { run, join, sees } = await openTap()
    for (let index = 0; index < 33; index += 1) await join()
    const view = await sees(() => run.connections(32, 1).rows[0]?.state === 'open')
    expect(view.connections.map(({ id }) => id)).toEqual([1])
    expect(view.connectionCount).toBe(33)
    expect(run.connections(30, 10)).toMatchObject({ total: 33, rows: [{ id: 31 }, { id: 32 }, { id: 33 }] })
  })
})
