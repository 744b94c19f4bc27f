import { describe, expect, it } from 'vitest'
import { createSettler } from '../../../main/lab/settle.ts'

describe('settling', () => {
  it('is done at once when nothing is missing', async () => {
    expect(await createSettler(() => null).settle()).toEqual({ ok: true, value: undefined })
  })

  it('waits for the change after which nothing is missing, and for no other', async () => {
    let left = 2
    const settler = createSettler(() => (left > 0 ? `${left} bytes` : null))
    let done = false
    const settled = settler.settle().then(() => {
      done = true
    })
    for (let change = 0; change < 2; change += 1) {
      await Promise.resolve()
      expect(done).toBe(false)
      left -= 1
      settler.changed()
    }
    await settled
    expect(done).toBe(true)
  })

  it('fails when its patience is over, and names what is missing', async () => {
    const settler = createSettler(() => 'the server has 3 of the 4 bytes let through', 1)
    expect(await settler.settle()).toEqual({
      ok: false,
      error: 'The connection does not get quiet: the server has 3 of the 4 bytes let through.',
    })
  })
})
