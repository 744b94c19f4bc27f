import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host } from '../../../main/host/host.ts'
import { openFirstRun, openHost } from '../../../main/host/open.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { Answer, Method, Payload, Push } from '../../../shared/ipc/contract.ts'
import { hex } from '../../shared/capture/logs.ts'
import { openCapture } from '../../shared/capture/opened.ts'
import { pcapOf } from '../../shared/capture/packetFiles.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')
const [sealed, keys] = [join(captures, 'tls.pcapng.gz'), join(captures, 'tls.keys')]

let host: Host

async function open(path: string | null = null, folder = mkdtempSync(join(tmpdir(), 'wirestep-host-'))): Promise<void> {
  host = openHost({ kind: 'browser', folder, pickFile: async (purpose) => `/picked/${purpose}` })
  await openFirstRun(host, path === null ? null : quoteWord(path))
}

afterEach(() => host.workspace.shutdown())

async function ask<M extends Method>(method: M, payload: Payload<M>): Promise<Answer<M>> {
  const answer = await host.handle(method, payload)
  if (!answer.ok) throw new Error(answer.error)
  return answer.value as Answer<M>
}

async function type(line: string): Promise<string> {
  const result = await host.handle('command', { line })
  if (!result.ok) return result.error
  return (result.value as Answer<'command'>).lines.map(({ text }) => text).join('\n')
}

/** Records of a recording as it is on the disk. */
function recordedIn(path: string): number {
  const opened = openCapture(createMemoryStore(readFileSync(path)))
  return opened.ok ? opened.value.length : 0
}

describe('the host', () => {
  it('opens the lab on Upgrade+Hello, seed 7, paused before the first byte', async () => {
    await open()
    const { current, runs, dialects } = await ask('app', {})
    expect(current).toMatchObject({ dialect: 'hello-00', source: 'lab', live: true, activity: 'paused', rowsDone: 0 })
    expect(current?.connections[0]).toMatchObject({
      seed: 7,
      states: { server: 'AWAITING_REQUEST', client: 'AWAITING_RESPONSE' },
    })
    expect(runs).toHaveLength(1)
    expect(dialects.map(({ id, pings, binary, closeBody }) => [id, pings, binary, closeBody])).toEqual([
      ['hixie-75', false, false, 'none'],
      ['hixie-76', false, false, 'emptyFrame'],
      ['hybi-03', true, true, 'opaqueEchoed'],
      ['hello-00', true, true, 'opaqueEchoed'],
      ['hybi-04', true, true, 'opaqueEchoed'],
      ['hybi-05', true, true, 'initiatorLetter'],
      ['hybi-06', true, true, 'codeAndReason'],
      ['hybi-07', true, true, 'codeAndReason'],
      ['hybi-08', true, true, 'codeAndReason'],
      ['rfc6455', true, true, 'codeAndReason'],
    ])
  })
  it('has in the file of the run all that it shows of it, from the moment it shows it', async () => {
    await open()
    const { current } = host.workspace
    const lacking = () => current!.capture.length - recordedIn(current!.view().path)
    const seen: number[] = []
    const undo = host.subscribe(({ kind }) => void (kind === 'run' && seen.push(lacking())))
    for (const line of ['step byte', 'step unit', 'step unit', 'note seen']) {
      expect((await host.handle('command', { line })).ok).toBe(true)
      seen.push(lacking())
    }
    undo()
    expect(seen.length).toBeGreaterThan(4)
    expect(new Set(seen)).toEqual(new Set([0]))
  })
  it('answers every view of the run as of its cursor', async () => {
    await open()
    await type('step unit 3')
    const run = (await ask('app', {})).current?.id ?? 0
    const page = { run, from: 0, count: 100 }
    const { rows } = await ask('rows', page)
    expect(rows.slice(0, 3).map(({ label, delivered, span }) => [label, delivered === span.end - span.start])).toEqual([
      ['GET /demo', true],
      ['101 Switching Protocols', true],
      ['Hello', true],
    ])
    const bytes = await ask('bytes', { run, lane: 'clientToServer', from: 0, count: 3 })
    expect(Buffer.from(bytes.bytes).toString()).toBe('GET')
    expect(await ask('unit', { run, lane: 'clientToServer', offset: 0 })).toMatchObject({
      kind: 'request',
      complete: true,
    })
    expect(await ask('unit', { run, lane: 'clientToServer', offset: 99_999 })).toBeNull()
    expect((await ask('transitions', page)).total).toBeGreaterThan(3)
    expect((await ask('messages', page)).total).toBe(0)
    expect((await ask('faults', page)).total).toBe(0)
    expect((await ask('segments', page)).total).toBeGreaterThan(4)
    expect((await ask('timeline', { run })).marks.length).toBeGreaterThan(2)
  })
  it('answers with a sentence when the run is closed, the request is malformed, or the line makes no sense', async () => {
    await open()
    expect(await host.handle('timeline', { run: 99 })).toEqual({
      ok: false,
      error: 'Run 99 is closed: runs lists the open ones.',
    })
    expect(await host.handle('timeline', { run: 'x' })).toEqual({
      ok: false,
      error: expect.stringMatching(/^The request timeline is not as agreed at run/),
    })
    expect(await host.handle('nothing', null)).toEqual({ ok: false, error: 'There is no request "nothing".' })
    expect(await type('fly')).toBe('There is no command fly: type help for the list.')
    expect(await type('send client text hello')).toMatch(/^[A-Z].*\.$/)
  })
  it('answers several questions in one message, each as it answers it alone', async () => {
    await open()
    const { current } = await ask('app', {})
    const run = current?.id ?? 0
    const questions = [
      { method: 'rows', payload: { run, from: 0, count: 10 } },
      { method: 'rows', payload: { run: 99, from: 0, count: 10 } },
      { method: 'rows', payload: {} },
      { method: 'erase', payload: {} },
      { method: 'together', payload: { questions: [] } },
      { method: 'timeline', payload: { run } },
    ]
    const { answers } = await ask('together', { questions })
    expect(answers).toEqual([
      await host.handle('rows', { run, from: 0, count: 10 }),
      { ok: false, error: 'Run 99 is closed: runs lists the open ones.' },
      { ok: false, error: expect.stringContaining('The request rows is not as agreed') },
      { ok: false, error: 'There is no request "erase".' },
      { ok: false, error: 'Questions that are asked together cannot hold others.' },
      await host.handle('timeline', { run }),
    ])
    expect(answers[0]).toMatchObject({ ok: true })
  })
  it('completes lines with what is open', async () => {
    await open()
    await type('lab rfc6455')
    expect(await ask('complete', { line: 'use ' })).toEqual({ from: 4, options: ['1', '2'] })
  })
  it('pushes the run after every change, and everything when the runs change', async () => {
    await open()
    const pushes: Push[] = []
    const undo = host.subscribe((push) => pushes.push(push))
    await type('step byte')
    expect(pushes.at(-1)).toMatchObject({ kind: 'run', run: { cursor: expect.anything() } })
    await type('lab rfc6455')
    expect(pushes).toContainEqual(
      expect.objectContaining({
        kind: 'app',
        app: expect.objectContaining({ runs: [expect.anything(), expect.anything()] }),
      }),
    )
    undo()
    const before = pushes.length
    await type('step byte')
    expect(pushes).toHaveLength(before)
  })
  it('remembers the theme and the sessions in the data folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-host-'))
    await open(null, folder)
    expect(await type('theme light')).toBe('theme light')
    expect(await type('sessions')).toContain('hello-00')
    await host.workspace.shutdown()
    await open(null, folder)
    const { settings, recent } = await ask('app', {})
    expect(settings.theme).toBe('light')
    expect(recent).toHaveLength(2)
    expect(recent[1]?.size).toBeGreaterThan(1000)
  })
  it('opens the lab and says why when the file it was started with cannot be opened', async () => {
    await open('/nowhere/x.pcapng')
    const told = await new Promise<Push>((resolve) => host.subscribe(resolve))
    expect(told).toEqual({
      kind: 'lines',
      lines: [{ tone: 'fault', text: 'Could not open /nowhere/x.pcapng: there is no such file or folder.' }],
    })
    expect((await ask('app', {})).current?.source).toBe('lab')
  })
  it('opens a capture of TLS with a key log, and says what it takes without', async () => {
    await open()
    expect(await type(`open "${sealed}"`)).toContain('it takes their secrets to read them')
    expect(await type(`open "${sealed}" --keylog /nowhere/keys.txt`)).toContain('/nowhere/keys.txt')
    expect((await ask('app', {})).runs).toHaveLength(1)
    await type(`open "${sealed}" --keylog "${keys}"`)
    const { current } = await ask('app', {})
    expect(current).toMatchObject({ title: 'tls.pcapng.gz', source: 'file' })
    expect(current?.notes.join()).toContain('read with the secrets of a key log')
  })
  it('reads a connection that does not tell what it is as what a person says, and only such a one', async () => {
    await open()
    const path = join(mkdtempSync(join(tmpdir(), 'wirestep-late-')), 'late.pcap')
    writeFileSync(path, pcapOf([{ from: 'client', at: 0, bytes: hex('81 81 01020304 40') }]))
    expect(await type(`open "${path}"`)).toContain(
      'Its request is not there to tell the dialect; it is read as rfc6455.',
    )
    const late = (await ask('app', {})).current!
    expect(late).toMatchObject({ dialect: 'rfc6455', canBeNamed: true })
    expect(late.warnings.join()).toContain('until "read as" names another dialect')
    expect(await type('read as hybi-04')).toMatch(
      /cannot be read by themselves.* Paste its bytes with both of them instead\.$/,
    )
    expect(await type('read as hybi-08')).toMatch(/^hybi-08 /)
    const { current, runs } = await ask('app', {})
    expect(current).toMatchObject({ dialect: 'hybi-08', canBeNamed: true, title: 'late.pcap' })
    expect(runs.filter(({ title }) => title === 'late.pcap')).toHaveLength(1)
    await type(`open "${path}" --dialect hybi-07`)
    expect((await ask('app', {})).current?.dialect).toBe('hybi-07')
    await type(`open "${sealed}" --keylog "${keys}"`)
    expect(await type('read as hybi-07')).toMatch(
      /^Connection 1 tells what it is\. Sec-WebSocket-Version is 13: rfc6455\.$/,
    )
    await type('lab rfc6455')
    expect(await type('read as hybi-07')).toBe(
      'Only connections of a file that was opened can be read as another dialect.',
    )
  })
  it('asks the shell for files', async () => {
    await open()
    expect(await ask('pickFile', { purpose: 'save' })).toEqual({ path: '/picked/save' })
  })
})

describe('commands of the console', () => {
  it('step, go back, and stand where they say', async () => {
    await open()
    expect(await type('step unit')).toMatch(/^client → server {2}GET \/demo .* {3}server: AWAITING_REQUEST → /)
    expect(await type('step byte 5')).toContain('5 of')
    expect(await type('start')).toMatch(/^paused at record 0 of \d+ {3}client: IDLE {3}server: AWAITING_REQUEST$/)
    expect(await type('end')).toContain('GET /demo')
    expect(await type('back')).toMatch(/^paused at record /)
  })
  it('change what is held, and the receiver gets the change', async () => {
    await open()
    await type('step unit')
    const { current } = await ask('app', {})
    expect(await type('edit server 9 --remove 3 --insert "34 30 34"')).not.toMatch(/^edit/)
    const bytes = await ask('bytes', { run: current?.id ?? 0, lane: 'serverToClient', from: 9, count: 3 })
    expect(Buffer.from(bytes.bytes).toString()).toBe('404')
    expect(await type('edit server 9')).toBe('This edit changes nothing: give --remove N, --insert HEX, or both.')
  })
  it('break before units like one that is named', async () => {
    await open()
    expect(await type('break here client 0')).toBe('1  lane=client kind=request')
    expect(await type('run')).toMatch(/stopped by breakpoint 1/)
    expect(await type('break toggle 1')).toBe('1  lane=client kind=request  (off)')
    expect(await type('break remove 1')).toBe('There are no breakpoints: break add CONDITION adds one.')
  })
  it('fork when an earlier cursor is changed, and say so', async () => {
    await open()
    await type('step unit 2')
    await type('back 1')
    expect(await type('fork')).toMatch(/^run 2 goes on from here; run 1 stays as it was/)
    expect(await type('runs')).toMatch(/^ {2}1 .*\n\* 2 /)
    expect(await type('use 1')).toMatch(/^paused at record /)
    expect(await type('close-run 2')).toMatch(/^\* 1 /)
  })
  it.each(['ladder', 'bytes', 'fields', 'states', 'faults', 'messages', 'segments'])(
    'show %s prints lines',
    async (what) => {
      await open()
      await type('step unit 2')
      expect(await type(`show ${what}`)).not.toBe('')
    },
  )
  it('show json prints a text of several frames as one tree, from any of them', async () => {
    await open()
    await type('lab rfc6455 --seed 7')
    await type('run')
    await type(`send server text '{"id":12345678901234567890,"list":[true,{"deep":"hi"}]}' --fragments 3`)
    await type('run')
    const lines = ['One text of 3 frames.', '{ 2 members }', '  "id": 12345678901234567890', '  "list": [ 2 elements ]']
    const tree = [...lines, '    0: true', '    1: { 1 member }', '      "deep": "hi"'].join('\n')
    expect(await type('show json')).toBe(tree)
    expect(await type('show json server 140')).toBe(tree)
    expect(await type('show json client 0')).toMatch(/^The unit at byte 0 of that lane is no part of a text/)
  })
  it('close with a body in a form the dialect has, and refuse two at once', async () => {
    await open()
    await type('step unit 4')
    expect(await type('close client 1000 --hex 00')).toBe('A close frame has one body: give a code or --hex, not both.')
    expect(await type('ping client hi --hex 00')).toBe('A frame carries one thing: give a text or --hex, not both.')
    expect(await type('close client --hex 0102')).not.toMatch(/^close/)
  })
  it('say that no run is open, and what to do', async () => {
    await open()
    await type('close-run')
    for (const line of ['step unit', 'show bytes', 'note x', 'close-run', 'break add fault=any']) {
      expect(await type(line), line).toBe('No run is open: lab starts one, open FILE opens a saved session.')
    }
  })
})
