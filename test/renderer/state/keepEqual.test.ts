import { describe, expect, it } from 'vitest'
import { keepEqual } from '../../../renderer/state/keepEqual.ts'

describe('what did not change', () => {
  const before = { rows: [{ at: 1 }, { at: 2 }], bytes: Uint8Array.of(1, 2), name: 'a' }

  it('stays the same object when all of it is equal', () => {
    expect(keepEqual(before, structuredClone(before))).toBe(before)
  })
  it('stays the same object in a part, beside what changed', () => {
    const after = keepEqual(before, { ...structuredClone(before), rows: [{ at: 1 }, { at: 3 }, { at: 4 }] })
    expect(after).toEqual({ ...before, rows: [{ at: 1 }, { at: 3 }, { at: 4 }] })
    expect(after.rows[0]).toBe(before.rows[0])
    expect(after.bytes).toBe(before.bytes)
  })
  it.each<[unknown, unknown]>([
    [[1, 2], [1]],
    [{ a: 1 }, {}],
    [{ a: undefined }, { b: undefined }],
    [Uint8Array.of(1), Uint8Array.of(2)],
    [Uint8Array.of(1), [1]],
    [[1], { 0: 1 }],
    [{ a: 1 }, null],
    [null, { a: 1 }],
    [1, '1'],
  ])('is not what differs: %j becomes %j', (old, next) => {
    expect(keepEqual(old, next)).toStrictEqual(next)
    expect(keepEqual(old, next)).not.toBe(old)
  })
})
