// What is deflated again behind a change, and what cannot be. That real peers stay in step: test/interop/recompressed.test.ts.
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { createRecompressor, nextRecompressed, type Recompressor } from '../../../shared/capture/recompress.ts'
import { ladderRows } from '../../../shared/capture/views.ts'
import { worldAt } from '../../../shared/capture/viewsUnits.ts'
import { createLab, type Lab } from './lab.ts'

const lane = 'serverToClient'
const words = 'words and words and other words, '

function open(): Lab {
  const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), {})
  lab.settle()
  return lab
}

const say = (lab: Lab, text: string, end: Role = 'server') => lab.act(end, { kind: 'sendText', text })
const world = ({ capture, id }: Lab) => worldAt(capture, id, capture.end)
const frames = ({ capture, id }: Lab) =>
  ladderRows(capture, id, capture.end, 0, 100).rows.filter((row) => row.kind === 'frame' && row.lane === lane)

function begin(lab: Lab, index: number, whole = true): Recompressor {
  const made = createRecompressor(world(lab), lane, { ...frames(lab)[index]!.span, whole })
  if (!made.ok || !made.value) throw new Error('no recompressor')
  return made.value
}

/** Frames [1] of the two that one deflated text was cut into, inside a block. */
function cutInsideBlock(lab: Lab): void {
  const deflated = deflateRawSync(words.repeat(20), { finishFlush: 2 }).subarray(0, -4)
  const [first, rest] = [deflated.subarray(0, 9), deflated.subarray(9)]
  lab.forge('server', Uint8Array.from([0x41, first.length, ...first]))
  lab.forge('server', Uint8Array.from([0x80, rest.length, ...rest]))
}

describe('behind a change', () => {
  it('frames are deflated again as they come, and have the place they had', () => {
    const lab = open()
    say(lab, words)
    const own = begin(lab, 0)
    expect(nextRecompressed(world(lab), own)).toBeNull()
    say(lab, words)
    const { start, end } = frames(lab)[1]!.span
    expect(nextRecompressed(world(lab), own)).toMatchObject({ kind: 'replace', at: start, remove: end - start })
    expect(nextRecompressed(world(lab), own)).toBeNull()
  })

  it('a frame that goes on inside a block of the one before it can be neither dropped nor replaced', () => {
    const lab = open()
    cutInsideBlock(lab)
    const made = createRecompressor(world(lab), lane, { ...frames(lab)[1]!.span, whole: true })
    expect(made).toMatchObject({ ok: false, error: expect.stringMatching(/change the first frame of the message/) })
  })

  it('and when bytes of the one before it were changed, it is left as it is', () => {
    const lab = open()
    cutInsideBlock(lab)
    const own = begin(lab, 0, false)
    expect(nextRecompressed(world(lab), own)).toBeNull()
    say(lab, words)
    expect(nextRecompressed(world(lab), own)).toMatchObject({ kind: 'replace', at: frames(lab)[2]!.span.start })
  })

  it('a frame that was let through before it was whole is told of', () => {
    const lab = open()
    say(lab, words)
    const own = begin(lab, 0)
    const deflated = deflateRawSync(words, { finishFlush: 2 }).subarray(0, -4)
    lab.forge('server', Uint8Array.from([0xc1, deflated.length, ...deflated.subarray(0, 4)]))
    lab.settle()
    lab.forge('server', deflated.subarray(4))
    expect(nextRecompressed(world(lab), own)).toMatchObject({
      kind: 'missed',
      says: expect.stringMatching(/^The server's frame at byte \d+ was let through before all of it was there/),
    })
  })

  it('a frame that somebody changed is left to them', () => {
    const lab = open()
    say(lab, words)
    const own = begin(lab, 0)
    say(lab, words)
    lab.edit(lane, frames(lab)[1]!.span.start, 1, Uint8Array.of(0xc2))
    expect(nextRecompressed(world(lab), own)).toBeNull()
    expect(own.same).toBe(0)
  })

  it('what cannot be inflated ends it', () => {
    const broken = open()
    say(broken, words)
    const own = begin(broken, 0)
    broken.forge('server', Uint8Array.of(0xc1, 2, 7, 7))
    expect(nextRecompressed(world(broken), own)).toMatchObject({
      kind: 'over',
      says: expect.stringMatching(/cannot be inflated/),
    })
  })

  it('without context takeover there is nothing to do behind a message', () => {
    const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), { serverNoContextTakeover: true })
    lab.settle()
    say(lab, words)
    expect(createRecompressor(world(lab), lane, { ...frames(lab)[0]!.span, whole: true })).toEqual({
      ok: true,
      value: null,
    })
  })
})
