import { describe, expect, it } from 'vitest'
import type { LadderRow, TransitionView } from '../../../shared/capture/view.ts'
import { byteLines, helpLines, rowLine, wireLines } from '../../../shared/commands/transcript.ts'

const request: LadderRow = {
  index: 0,
  connection: 1,
  lane: 'clientToServer',
  kind: 'request',
  tone: 'http',
  label: 'GET /demo',
  preview: '',
  span: { start: 0, end: 203 },
  delivered: 203,
  complete: true,
  time: 0,
}

function transition(change: Partial<TransitionView>): TransitionView {
  return {
    role: 'server',
    from: 'AWAITING_REQUEST',
    to: 'AWAITING_CLIENT_HELLO',
    trigger: 'receiveRequest',
    cite: '',
    cause: { lane: 'clientToServer', span: request.span },
    connection: 1,
    time: 0,
    cursor: { record: 1, bytes: 0 },
    ...change,
  }
}

describe('the transcript', () => {
  it('tells a unit, its size, and the move it caused, on one line in the colour of its sender', () => {
    expect(wireLines([request], [transition({})])).toEqual([
      { tone: 'client', text: 'client → server  GET /demo  203 B   server: AWAITING_REQUEST → AWAITING_CLIENT_HELLO' },
    ])
  })
  it('tells how much of a unit in flight has passed', () => {
    const hello: LadderRow = {
      ...request,
      lane: 'serverToClient',
      kind: 'frame',
      label: 'Hello',
      preview: 'server nonce + proof',
      span: { start: 166, end: 192 },
      delivered: 13,
    }
    expect(rowLine(hello, [])).toEqual({
      tone: 'server',
      text: 'server → client  Hello  server nonce + proof  13 of 26 B',
    })
  })
  it('tells the end of a stream without a size, and a fault by its code in red', () => {
    const end: LadderRow = { ...request, kind: 'fin', label: 'FIN', span: { start: 203, end: 203 }, delivered: 0 }
    expect(rowLine(end, []).text).toBe('client → server  FIN')
    const wrong: LadderRow = { ...request, fault: { code: 'head.cut-off', severity: 'violation' } }
    expect(rowLine(wrong, [])).toMatchObject({ tone: 'fault', text: expect.stringContaining('   head.cut-off') })
  })
  it('leaves out moves that stay in a state, and tells moves no unit caused on a line of their own', () => {
    const stays = transition({ from: 'OPEN', to: 'OPEN', trigger: 'receiveData' })
    const { cause: _, ...uncaused } = transition({ role: 'client', from: 'OPEN', to: 'CLOSED', trigger: 'timeout' })
    expect(wireLines([request], [stays, uncaused]).map(({ text }) => text)).toEqual([
      'client → server  GET /demo  203 B',
      'client: OPEN → CLOSED  (timeout)',
    ])
  })
  it('dumps bytes sixteen a line, says where held ones begin, and how to see more', () => {
    const bytes = Uint8Array.from({ length: 18 }, (_, index) => 0x40 + index)
    const view = { lane: 'serverToClient', length: 1018, delivered: 16, from: 0, bytes, leaves: [], edits: [] } as const
    expect(byteLines(view).map(({ text }) => text)).toEqual([
      'server → client  1,018 bytes, 16 delivered',
      '0000  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO',
      'held from 0x0010',
      '0010  50 51                                            PQ',
      '1,000 bytes more: show bytes server 18',
    ])
  })
  it('helps with every command of the console, and in detail with one', () => {
    const all = helpLines(null).map(({ text }) => text)
    expect(all).toContain('Stepping')
    expect(all).toContain('  step unit     F10        Lets the next head, frame or end of a stream through, whole.')
    expect(all.join('\n')).not.toContain('  decode')
    expect(helpLines('step unit')[0]?.text).toBe('step unit [COUNT] [--lane client|server]')
  })
})
