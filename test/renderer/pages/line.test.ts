import { describe, expect, it } from 'vitest'
import type { WebSocketDraft } from '../../../renderer/draft/webSocketDraft.ts'
import { createLine, endedSentence } from '../../../renderer/pages/line.ts'

/** A socket that opens, hears and closes when it is told to. */
class Puppet {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null
  readonly sent: string[] = []
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.end(1000)
  }
  open(): void {
    this.onopen?.()
  }
  end(code: number): void {
    this.onclose?.({ code, reason: '', wasClean: code === 1000 })
  }
}

function puppets() {
  const made: Puppet[] = []
  const connect = () => {
    made.push(new Puppet())
    return made.at(-1) as unknown as WebSocketDraft
  }
  return { made, connect }
}

const deaf = { opened: () => {}, heard: () => {} }

describe('a line of a page', () => {
  it('connects once, however often it is opened', () => {
    const { made, connect } = puppets()
    const line = createLine(connect, deaf)
    line.open()
    line.open()
    made[0]!.open()
    line.open()
    expect(made).toHaveLength(1)
    expect(line.store.getState()).toEqual({ state: 'open', ended: null })
  })

  it('sends JSON while it is open, and hears JSON, or undefined where none came', () => {
    const { made, connect } = puppets()
    const heard: unknown[] = []
    const line = createLine(connect, { opened: () => line.send({ a: 1 }), heard: (data) => heard.push(data) })
    line.open()
    line.send('too early')
    made[0]!.open()
    for (const data of ['{"b":2}', '{"b":', new ArrayBuffer(1)]) made[0]!.onmessage?.({ data })
    expect(made[0]!.sent).toEqual(['{"a":1}'])
    expect(heard).toEqual([{ b: 2 }, undefined, undefined])
  })

  it('says how it ended, and can be opened again', () => {
    const { made, connect } = puppets()
    const line = createLine(connect, deaf)
    line.open()
    made[0]!.end(1006)
    expect(line.store.getState()).toEqual({ state: 'closed', ended: 'The connection was lost (1006)' })
    line.open()
    expect(made).toHaveLength(2)
    expect(line.store.getState()).toEqual({ state: 'connecting', ended: null })
  })

  it('has a sentence for every end', () => {
    expect(endedSentence(1008, 'too slow', true)).toBe('Closed (1008): too slow')
    expect(endedSentence(1006, '', false)).toBe('The connection was lost (1006)')
  })
})
