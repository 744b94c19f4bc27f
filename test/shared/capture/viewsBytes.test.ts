import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../shared/bytes/hex.ts'
import { lanes } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { Leaf } from '../../../shared/capture/view.ts'
import { bytesView, longestBytesView } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { converse, createLab, recordsOf } from './lab.ts'
import { anyLog, hex } from './logs.ts'
import { allCursors, gateBytes, naiveWorld } from './naive.ts'

/** How far leaves tile from 0: each begins where the one before ends, or is in the same byte as it. */
function tiledLength(leaves: readonly Leaf[]): number {
  let end = 0
  for (const leaf of leaves) {
    if (leaf.start !== end && !(leaf.end === end && leaf.end === leaf.start + 1)) return end
    end = leaf.end
  }
  return end
}

describe('the bytes of a lane', () => {
  it.each(dialectIds)('of %s are, as of every cursor, what was delivered and what is held', (dialect) => {
    const { capture } = converse(createLab(dialect))
    const records = recordsOf(capture)
    for (const cursor of allCursors(records)) {
      const world = naiveWorld(records, 0, cursor)
      for (const lane of lanes) {
        const gate = gateBytes(world[lane])
        const view = bytesView(capture, 0, cursor, lane, 0, 2000)
        expect(view).toMatchObject({ lane, from: 0, length: gate.length, delivered: world[lane].delivered.length })
        expect(toHex(view.bytes)).toBe(toHex(Uint8Array.from(gate)))
        expect(tiledLength(view.leaves)).toBe(gate.length)
      }
    }
  })

  it('are tiled by their fields in any log, edits included', () => {
    fc.assert(
      fc.property(anyLog, (records) => {
        const capture = createCapture(createMemoryStore())
        for (const record of records) capture.append(record)
        for (const { id } of capture.connections) {
          for (const lane of lanes) {
            const { leaves, length } = bytesView(capture, id, capture.end, lane, 0, 10_000)
            expect(tiledLength(leaves)).toBe(length)
          }
        }
      }),
    )
  })

  it('of a part are that part with the whole fields that overlap it', () => {
    const { capture } = converse(createLab('hello-00'))
    const all = bytesView(capture, 0, capture.end, 'serverToClient', 0, 2000)
    fc.assert(
      fc.property(fc.nat(all.length + 5), fc.integer({ min: 1, max: 80 }), (from, count) => {
        const part = bytesView(capture, 0, capture.end, 'serverToClient', from, count)
        expect(part.bytes).toEqual(all.bytes.slice(from, from + count))
        const end = Math.min(all.length, from + count)
        expect(part.leaves).toEqual(all.leaves.filter((leaf) => leaf.start < end && leaf.end > from))
      }),
    )
  })

  it('are at most 64 KiB at once, and a payload is one field however long it is', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendBinary', bytes: new Uint8Array(1_000_000) })
    const { length, bytes } = bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', 300_000, 1_000_000)
    expect(bytes).toHaveLength(longestBytesView)
    const { leaves } = bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', 500_000, 16)
    expect(leaves).toEqual([expect.objectContaining({ role: 'binary', start: 194 + 10, end: length })])
  })

  it('of a continuation have the role of the message they go on with', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('05 01 ff  80 02 4142'))
    const roleAt = (offset: number) =>
      bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', offset, 1).leaves.map(({ role }) => role)
    expect(roleAt(194 + 5)).toEqual(['binary'])
    lab.settle()
    expect(roleAt(194 + 5)).toEqual(['binary'])
  })

  it('tell where the gate changed them', () => {
    const lab = createLab('hello-00')
    lab.edit('clientToServer', 5, 4, hex('41 42'))
    const { edits, length } = bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', 0, 16)
    expect(edits).toEqual([{ start: 5, end: 7, label: 'edited' }])
    expect(length).toBe(176 - 2)
    expect(bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', 16, 16).edits).toEqual([])
  })
})
