// The text of a message, joined from its frames, and where its bytes are.
import { describe, expect, it } from 'vitest'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { ladderRows, longestText, mostParts, textView, unitView } from '../../../shared/capture/views.ts'
import type { DeflateOptions } from '../../../shared/extensions/perMessageDeflate.ts'
import { createLab, type Lab } from './lab.ts'

const json = '{"same":"same words, same words","list":[1,2,3],"ü":"€€€"}'

function open(compress?: DeflateOptions): Lab {
  const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), compress)
  lab.settle()
  return lab
}

function frames({ capture, id }: Lab) {
  const rows = ladderRows(capture, id, capture.end, 0, 100).rows.filter(({ kind }) => kind === 'frame')
  return rows.map(({ lane, span, opcode }) => ({ lane, start: span.start, end: span.end, opcode }))
}

const textAt = ({ capture, id }: Lab, lane: 'clientToServer' | 'serverToClient', offset: number) =>
  textView(capture, id, capture.end, lane, offset)
const saidBy = (view: ReturnType<typeof textAt>) =>
  view && Buffer.concat(view.parts.map(({ bytes }) => bytes)).toString()

describe.each([
  ['plain', undefined],
  ['compressed', {}],
  ['compressed without context takeover', { clientNoContextTakeover: true }],
])('a text in several frames, %s', (_, compress) => {
  it('is the same whole text from each of its frames, delivered or held', () => {
    const lab = open(compress)
    lab.act('client', { kind: 'sendText', text: 'same words' })
    lab.act('client', { kind: 'sendText', text: json, fragments: 4 })
    for (const settle of [() => {}, () => lab.settle()]) {
      settle()
      const parts = frames(lab).slice(1)
      expect(parts).toHaveLength(4)
      for (const { lane, start } of parts) {
        const view = textAt(lab, lane, start)
        expect(saidBy(view)).toBe(json)
        expect(view).toMatchObject({ start: parts[0]!.start, ended: true, more: false, why: null })
        expect(unitView(lab.capture, lab.id, lab.capture.end, lane, start)?.json).toBe(true)
      }
    }
  })

  it('has parts that lie in its frames, past the control frames in between', () => {
    const lab = open(compress)
    lab.act('client', { kind: 'sendText', text: json, fragments: 3 })
    const [first, second, third] = frames(lab)
    const { parts } = textAt(lab, 'clientToServer', third!.start)!
    for (const [index, frame] of [first!, second!, third!].entries()) {
      const { at } = parts[index]!
      expect(at).toBeGreaterThan(frame.start)
      expect(at).toBeLessThan(frame.end)
    }
  })
})

describe('a text', () => {
  it('that has not ended is given as far as it is there', () => {
    const lab = open()
    lab.forge('server', Uint8Array.from([0x01, 3, ...Buffer.from('{"a')]))
    lab.forge('server', Uint8Array.from([0x89, 0]))
    lab.forge('server', Uint8Array.from([0x80, 9, ...Buffer.from('":1')]))
    const at = frames(lab)[0]!
    expect(saidBy(textAt(lab, at.lane, at.start))).toBe('{"a":1')
    expect(textAt(lab, at.lane, at.start)?.ended).toBe(false)
    lab.forge('server', Uint8Array.from(Buffer.from('2,"b":3}').subarray(0, 6)))
    expect(saidBy(textAt(lab, at.lane, at.start))).toBe('{"a":12,"b":')
    expect(textAt(lab, at.lane, at.start)?.ended).toBe(true)
  })

  it('does not go on in the next message, and a control frame or bytes are no part of one', () => {
    const lab = open()
    lab.act('server', { kind: 'sendText', text: '[1]' })
    lab.act('server', { kind: 'ping', bytes: Uint8Array.of(0x7b) })
    lab.act('server', { kind: 'sendBinary', bytes: Buffer.from('[2]') })
    const [text, ping, binary] = frames(lab)
    expect(saidBy(textAt(lab, 'serverToClient', text!.start))).toBe('[1]')
    for (const { lane, start } of [ping!, binary!]) {
      expect(textAt(lab, lane, start)).toBeNull()
      expect(unitView(lab.capture, lab.id, lab.capture.end, lane, start)).not.toHaveProperty('json')
    }
  })

  it('that is no JSON says so from its later frames too', () => {
    const lab = open()
    lab.act('server', { kind: 'sendText', text: 'x {"a":1}', fragments: 2 })
    for (const { lane, start } of frames(lab))
      expect(unitView(lab.capture, lab.id, lab.capture.end, lane, start)).not.toHaveProperty('json')
  })

  it('is given up to a limit of bytes and of frames, and says that there is more', () => {
    const long = open()
    long.act('server', { kind: 'sendText', text: 'x'.repeat(longestText + 1), fragments: 3 })
    const view = textAt(long, 'serverToClient', frames(long)[2]!.start)!
    expect([saidBy(view)?.length, view.more]).toEqual([longestText, true])
    const cut = open()
    cut.act('server', { kind: 'sendText', text: 'y'.repeat(mostParts + 1), fragments: mostParts + 1 })
    const some = textAt(cut, 'serverToClient', frames(cut)[0]!.start)!
    expect([some.parts.length, some.more, some.ended]).toEqual([mostParts, true, false])
  })

  it('that cannot be inflated to its end says why', () => {
    const lab = open({})
    lab.act('server', { kind: 'sendText', text: json })
    const { lane, start, end } = frames(lab)[0]!
    lab.edit(lane, end - 4, 4, Uint8Array.of(7, 7, 7, 7))
    expect(textAt(lab, lane, start)?.why).toMatch(/cannot be inflated/)
  })
})
