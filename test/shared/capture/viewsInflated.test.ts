// Compressed messages as a person looks at them: inflated in any order, delivered or held, with their blocks.
import { describe, expect, it } from 'vitest'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { ladderRows, messageViews, unitView } from '../../../shared/capture/views.ts'
import { leavesOf } from '../../../shared/endpoint/describe.ts'
import type { DeflateOptions } from '../../../shared/extensions/perMessageDeflate.ts'
import { converse, createLab, type Lab } from './lab.ts'

const texts = ['the same words', 'the same words again', 'and again the same words, in pieces', '']

function compressed(options: DeflateOptions): Lab {
  const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), options)
  lab.settle()
  for (const text of texts) lab.act('client', { kind: 'sendText', text, fragments: text.length > 30 ? 3 : 1 })
  return lab
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

function rowsOf({ capture, id }: Lab) {
  return ladderRows(capture, id, capture.end, 0, 100).rows.filter(({ kind }) => kind === 'frame')
}

function viewAt({ capture, id }: Lab, offset: number) {
  return unitView(capture, id, capture.end, 'clientToServer', offset)!
}

describe.each([
  { name: 'with context takeover', options: {} },
  { name: 'without', options: { clientNoContextTakeover: true } },
  { name: 'in a small window', options: { clientMaxWindowBits: 8 } },
])('compressed messages, $name', ({ options }) => {
  it('are inflated while they are held and once they are delivered, the last one first too', () => {
    const lab = compressed(options)
    for (const settle of [() => {}, () => lab.settle()]) {
      settle()
      const frames = rowsOf(lab)
      expect(frames).toHaveLength(6)
      const parts = [...frames].reverse().map(({ span }) => {
        const { layers } = viewAt(lab, span.start)
        return text(layers.find(({ name }) => name === 'inflated')?.bytes)
      })
      expect(parts.reverse().join('|').replaceAll('|', '')).toBe(texts.join(''))
      expect([parts[0], parts[1], parts[5]]).toEqual([texts[0], texts[1], ''])
    }
  })

  it('show their text in the ladder and in the list of messages', () => {
    const lab = compressed(options)
    lab.settle()
    expect(rowsOf(lab)[1]?.preview).toBe(`"${texts[1]}"`)
    const { rows } = messageViews(lab.capture, lab.id, lab.capture.end, 0, 10)
    expect(rows.map(({ preview }) => preview)).toEqual(texts)
  })

  it('have fields whose leaves tile them, RSV1 with its meaning, and a list of their blocks', () => {
    const lab = compressed(options)
    const [first] = rowsOf(lab)
    const view = viewAt(lab, first!.span.start)
    const bits = leavesOf(view.fields).map((leaf) =>
      leaf.bits ? leaf.bits.to - leaf.bits.from : (leaf.end - leaf.start) * 8,
    )
    expect(bits.reduce((sum, count) => sum + count, 0)).toBe((view.span.end - view.span.start) * 8)
    expect(view.fields.find(({ name }) => name === 'RSV1')?.says).toBe('the message is deflated')
    const inflating = view.derivations.find(({ title }) => title === 'How the payload is inflated')
    expect(inflating?.matches).toBe(true)
    expect(JSON.stringify(inflating?.parts)).toContain('block 1, fixed Huffman codes')
    expect(JSON.stringify(inflating?.parts)).toContain('makes 14 bytes')
  })

  it('say which byte of the payload made which of the text', () => {
    const lab = compressed(options)
    const view = viewAt(lab, rowsOf(lab)[0]!.span.start)
    const { reach = [], at } = view.layers.find(({ name }) => name === 'inflated')!
    expect(reach.slice(0, view.span.end - at)).toHaveLength(view.span.end - at)
    expect([...reach].sort((a, b) => a - b)).toEqual(reach)
    expect(reach[0]).toBe(0)
  })
})

describe('what is not inflated', () => {
  it('is the payload of a frame without RSV1, and of every frame where nothing was agreed', () => {
    const plain = converse(createLab('rfc6455'))
    for (const { span, lane } of rowsOf(plain)) {
      const view = unitView(plain.capture, plain.id, plain.capture.end, lane, span.start)
      expect(view?.layers.map(({ name }) => name)).not.toContain('inflated')
    }
  })

  it('says why, when a message before it could not be inflated', () => {
    const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), {})
    lab.settle()
    lab.forge('client', Uint8Array.of(0xc1, 0x81, 0, 0, 0, 0, 0x07))
    lab.act('client', { kind: 'sendText', text: 'behind it' })
    const frames = rowsOf(lab)
    const whys = frames.map(({ span }) => viewAt(lab, span.start).layers.find(({ name }) => name === 'inflated')?.why)
    expect(whys).toEqual([
      'from there on it cannot be inflated',
      'a message before it could not be inflated, and it may refer to that',
    ])
  })
})
