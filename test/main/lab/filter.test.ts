import { describe, expect, it, vi } from 'vitest'
import { must, openLab, runAll } from './labs.ts'

async function talking() {
  const { run } = await openLab('rfc6455')
  await runAll(run)
  for (const text of ['one', 'two', 'three']) must(await run.act('client', { kind: 'sendText', text }))
  await runAll(run)
  return run
}

describe('the filter of a run', () => {
  it('lists the rows that match, whatever the cursor, as far as they had happened by then', async () => {
    const run = await talking()
    must(await run.filter('opcode text and /t/'))
    await vi.waitFor(() => {
      const { filter } = run.view()
      expect(filter).toMatchObject({ text: 'opcode text and /t/', searched: filter!.of })
    })
    expect(run.matches(0, 10).rows.map(({ preview }) => preview)).toEqual(['"two"', '"three"'])
    expect(run.matches(1, 10)).toMatchObject({ total: 2, rows: [{ preview: '"three"' }] })
    must(await run.back())
    must(await run.back())
    expect(run.matches(0, 10).rows.filter(({ delivered }) => delivered > 0)).toEqual([])
  })

  it('goes on with what comes later, and held units are among it', async () => {
    const run = await talking()
    must(await run.filter('"late"'))
    must(await run.act('server', { kind: 'sendText', text: 'late' }))
    expect(run.matches(0, 10).rows).toMatchObject([{ delivered: 0, preview: '"late"' }])
    await runAll(run)
    await vi.waitFor(() => {
      run.view()
      expect(run.matches(0, 10).rows).toMatchObject([{ lane: 'serverToClient', preview: '"late"' }])
    })
  })

  it('is taken away again, and one that cannot be read changes nothing', async () => {
    const run = await talking()
    must(await run.filter('fault'))
    expect(await run.filter('size 3')).toMatchObject({ ok: false, error: expect.stringContaining('column 6') })
    expect(run.view().filter?.text).toBe('fault')
    must(await run.filter(null))
    expect(run.view().filter).toBeNull()
    expect(run.matches(0, 10)).toEqual({ total: 0, rows: [] })
  })
})
