import { describe, expect, it } from 'vitest'
import type { WebSocketDraft } from '../../../../renderer/draft/webSocketDraft.ts'
import { createDialler, createLine, endedSentence } from '../../../../renderer/features/samples/line.ts'

/** A socket that opens, hears and closes when it is told to. */
class Puppet extends EventTarget {
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
    this.dispatchEvent(new Event('open'))
  }
  end(code: number): void {
    this.onclose?.({ code, reason: '', wasClean: code === 1000 })
    this.dispatchEvent(new Event('close'))
  }
}

function puppets() {
  const made: Puppet[] = []
  const dialler = createDialler(() => {
    made.push(new Puppet())
    return made.at(-1) as unknown as WebSocketDraft
  })
  return { made, dialler }
}

/** Lets everything that promises have waiting happen. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('a line of a sample', () => {
  it('is dialled when the one before has opened, so that a run numbers them in that order', async () => {
    const { made, dialler } = puppets()
    const lines = [1, 2].map(() => createLine(dialler, { opened: () => {}, heard: () => {} }))
    for (const line of lines) line.open()
    await settled()
    expect(made).toHaveLength(1)
    made[0]!.open()
    await settled()
    expect(made).toHaveLength(2)
    expect(lines.map(({ store }) => store.getState())).toMatchObject([
      { state: 'open', connection: 1 },
      { state: 'connecting', connection: 2 },
    ])
  })

  it('sends JSON while it is open, and hears JSON, or undefined where none came', async () => {
    const { made, dialler } = puppets()
    const heard: unknown[] = []
    const line = createLine(dialler, { opened: () => line.send({ a: 1 }), heard: (data) => heard.push(data) })
    line.open()
    line.send('too early')
    await settled()
    made[0]!.open()
    for (const data of ['{"b":2}', '{"b":', new ArrayBuffer(1)]) made[0]!.onmessage?.({ data })
    expect(made[0]!.sent).toEqual(['{"a":1}'])
    expect(heard).toEqual([{ b: 2 }, undefined, undefined])
  })

  it('says how it ended, and can be opened again as another connection', async () => {
    const { made, dialler } = puppets()
    const line = createLine(dialler, { opened: () => {}, heard: () => {} })
    line.open()
    await settled()
    made[0]!.end(1006)
    expect(line.store.getState()).toEqual({ state: 'closed', connection: 1, ended: 'The connection was lost (1006)' })
    line.open()
    await settled()
    expect(line.store.getState()).toEqual({ state: 'connecting', connection: 2, ended: null })
  })

  it('has a sentence for every end', () => {
    expect(endedSentence(1008, 'too slow', true)).toBe('Closed (1008): too slow')
    expect(endedSentence(1006, '', false)).toBe('The connection was lost (1006)')
  })
})
