import { describe, expect, it } from 'vitest'
import { type InjectDraft, injectable, injectLine } from '../../../renderer/features/compose/compose.ts'
import { rewriteLine } from '../../../renderer/features/ladder/ladder.ts'
import {
  firstDraft,
  mayBeSecure,
  modeLine,
  placeOf,
  shapingText,
  stateOf,
  tapLine,
} from '../../../renderer/features/live/live.ts'
import { withRun } from '../../../renderer/state/session.ts'
import { parseLine } from '../../../shared/commands/grammar.ts'
import type { ConnectionRow, GateView, TapView } from '../../../shared/ipc/live.ts'
import { connectionView, laneView, runView } from '../build.ts'

const running: GateView = { mode: 'running', stopped: false, delay: 0, rate: null, segments: 'asArrived' }
const tap: TapView = {
  listening: { host: '127.0.0.1', port: 9001 },
  upstream: 'ws://server.example:9000/room?x=1',
  insecure: false,
  modes: { clientToServer: 'running', serverToClient: 'running' },
}

function parsed(line: string) {
  const result = parseLine(line)
  if (!result.ok) throw new Error(result.error)
  return result.value
}

describe('the form of a tap', () => {
  it('becomes the line that starts it', () => {
    const line = tapLine({ ...firstDraft, port: '0', upstream: ' ws://a b/ ', dialect: 'hybi-03', mode: 'held' })
    expect(parsed(line.ok ? line.value : '')).toMatchObject({
      name: 'tap',
      args: { listen: 0, upstream: 'ws://a b/', dialect: 'hybi-03', hold: true, insecure: false },
    })
    expect(tapLine({ ...firstDraft, behind: 'proxy', upstream: 'ws://left over/' })).toEqual({
      ok: true,
      value: 'tap --listen 9001',
    })
  })

  it('says what is missing', () => {
    expect(tapLine({ ...firstDraft, port: '70000', upstream: 'ws://a/' }).ok).toBe(false)
    expect(tapLine({ ...firstDraft, port: '', upstream: 'ws://a/' }).ok).toBe(false)
    expect(tapLine(firstDraft)).toEqual({
      ok: false,
      error: 'Say which server is behind it, such as ws://127.0.0.1:9000/.',
    })
  })

  it('asks about certificates only where a server may show one', () => {
    expect(mayBeSecure({ ...firstDraft, upstream: 'ws://a/' })).toBe(false)
    expect(mayBeSecure({ ...firstDraft, upstream: 'WSS://a/' })).toBe(true)
    expect(mayBeSecure({ ...firstDraft, behind: 'proxy' })).toBe(true)
    const bare = { ...firstDraft, upstream: 'ws://a/', insecure: true }
    expect(tapLine(bare)).toEqual({ ok: true, value: 'tap --listen 9001 --upstream ws://a/' })
    expect(tapLine({ ...bare, upstream: 'wss://a/' })).toMatchObject({ value: expect.stringContaining('--insecure') })
  })
})

describe('where clients are pointed at', () => {
  it('has the path of the server, or is the address of a proxy', () => {
    expect(placeOf(tap)).toBe('ws://127.0.0.1:9001/room?x=1')
    expect(placeOf({ ...tap, upstream: 'ws://server.example' })).toBe('ws://127.0.0.1:9001/')
    expect(placeOf({ ...tap, upstream: null, listening: { host: '::1', port: 1 } })).toBe('http://[::1]:1')
    expect(placeOf({ ...tap, listening: null })).toBe(null)
  })
})

describe('the row of a connection', () => {
  const row: ConnectionRow = {
    ...{
      id: 1,
      state: 'open',
      client: tap.listening!,
      server: null,
      dialect: null,
      time: 0,
      units: 0,
      faults: 0,
      worst: null,
    },
    bytes: { clientToServer: 0, serverToClient: 0 },
    held: { clientToServer: 0, serverToClient: 0 },
    gates: { clientToServer: running, serverToClient: running },
  }

  it('says what became of it', () => {
    expect(stateOf(row).word).toBe('open')
    expect(stateOf({ ...row, held: { clientToServer: 0, serverToClient: 2 } }).word).toBe('holding')
    const stopped = { ...running, mode: 'held', stopped: true } as const
    expect(stateOf({ ...row, gates: { clientToServer: stopped, serverToClient: running } }).word).toBe('stopped')
    expect(stateOf({ ...row, state: 'refused', says: 'Nothing listens.' })).toMatchObject({ says: 'Nothing listens.' })
  })

  it('says how a lane is shaped', () => {
    expect(shapingText(running)).toBe('')
    expect(shapingText({ ...running, delay: 200, rate: 1000, segments: 'byte' })).toBe(
      '200 ms later, 1,000 B/s, one byte a segment',
    )
  })
})

describe('what the Live tab sends', () => {
  it('is a line that the console takes', () => {
    expect(parsed(modeLine('clientToServer', 'held', false))).toEqual({
      name: 'hold',
      args: { lane: 'clientToServer', all: false },
    })
    expect(parsed(modeLine(null, 'running', true))).toEqual({ name: 'pass', args: { lane: undefined, all: true } })
    const draft: InjectDraft = { end: 'client', kind: 'text', text: 'a "b"', unmasked: true }
    const line = (part: Partial<InjectDraft>) => injectLine({ ...draft, ...part })
    const sent = (part: Partial<InjectDraft>) => {
      const made = line(part)
      return made.ok ? parsed(made.value) : made.error
    }
    expect(sent({})).toMatchObject({ args: { end: 'client', kind: 'text', data: 'a "b"', unmasked: true } })
    expect(sent({ end: 'server' })).toMatchObject({ args: { end: 'server', unmasked: false } })
    expect(sent({ kind: 'raw', text: '81 00' })).toMatchObject({ args: { raw: Uint8Array.of(0x81, 0) } })
    expect(sent({ kind: 'raw', text: '' })).toBe('Type the bytes that are to be put in.')
    expect(sent({ kind: 'close', text: '1000 bye' })).toMatchObject({ args: { kind: 'close', data: '1000 bye' } })
    expect(sent({ kind: 'ping', text: '' })).toMatchObject({ args: { kind: 'ping', data: '' } })
    expect(injectable(undefined).map(({ value }) => value)).toContain('raw')
    const place = { lane: 'serverToClient', offset: 166 } as const
    expect(parsed(rewriteLine(place, 'text', 'longer now', true))).toMatchObject({
      name: 'rewrite',
      args: { lane: 'serverToClient', offset: 166, type: 'text', data: 'longer now', 'keep-header': true },
    })
    expect(parsed(rewriteLine(place, 'text', '', false))).toMatchObject({ args: { data: '' } })
  })
})

describe('the selection while traffic moves the cursor by itself', () => {
  const at = (record: number, delivered: number) =>
    runView({
      ...{ tap, version: record, connection: 1, cursor: { record, bytes: 0 } },
      connections: [
        connectionView({ id: 1, lanes: { clientToServer: laneView({ delivered }), serverToClient: laneView() } }),
      ],
    })
  const world = (follows: boolean) => ({
    ...({} as Parameters<typeof withRun>[0]),
    run: at(1, 10),
    selection: { lane: 'clientToServer', offset: 3, span: null, follows } as const,
  })

  it('stays where the person put it, and goes along otherwise', () => {
    expect(withRun(world(false), at(2, 20)).selection?.offset).toBe(3)
    expect(withRun(world(true), at(2, 20)).selection?.offset).toBe(19)
    const lab = { ...at(2, 20), tap: null }
    expect(withRun(world(false), lab).selection?.offset).toBe(19)
  })
})
