import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createArrivals, type Show } from '../../../renderer/state/arrivals.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { runView } from '../build.ts'

/** What is shown of run 1, and panes whose answers are given by the test. */
function window() {
  const shown: string[] = []
  let run = runView({ id: 1, version: 1 })
  const arrivals = createArrivals(
    (next) => {
      shown.push(next ? `run ${next.id} version ${next.version}` : 'no run')
      if (next) run = next
    },
    (next) => next.id === run.id && next.version > run.version,
  )
  const asked: { readonly version: number; answer(): void }[] = []
  const pane = (next: RunView) =>
    new Promise<Show>((resolve) =>
      asked.push({ version: next.version, answer: () => resolve(() => shown.push(`answer to ${next.version}`)) }),
    )
  const arrive = (version: number, id = 1) => arrivals.arrive(runView({ id, version }))
  return { arrivals, shown, asked, pane, arrive }
}

describe('a snapshot that arrives', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is shown at once where no pane asks anything', () => {
    const { arrive, shown } = window()
    void arrive(2)
    expect(shown).toEqual(['run 1 version 2'])
  })

  it('is shown together with the answers about it, and who sent it hears when', async () => {
    const { arrivals, arrive, shown, asked, pane } = window()
    arrivals.join(pane)
    arrivals.join(() => null)
    const here = arrive(2).then(() => [...shown])
    await Promise.resolve()
    expect(shown).toEqual([])
    asked[0]?.answer()
    expect(await here).toEqual(['run 1 version 2', 'answer to 2'])
  })

  it('waits while another waits for its answers, and only the newest of those that wait is shown', async () => {
    const { arrivals, arrive, shown, asked, pane } = window()
    arrivals.join(pane)
    void arrive(2)
    void arrive(3)
    const last = arrive(4)
    asked[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.map(({ version }) => version)).toEqual([2, 4])
    asked[1]?.answer()
    await last
    expect(shown).toEqual(['run 1 version 2', 'answer to 2', 'run 1 version 4', 'answer to 4'])
  })

  it('is shown without answers that take long', async () => {
    const { arrivals, arrive, shown, pane } = window()
    arrivals.join(pane)
    const here = arrive(2)
    await vi.advanceTimersByTimeAsync(1000)
    await here
    expect(shown).toEqual(['run 1 version 2'])
  })

  it('asks nothing when it is shown already, when it is of another run, and for panes that are gone', async () => {
    const { arrivals, arrive, shown, asked, pane } = window()
    const leave = arrivals.join(pane)
    await arrive(1)
    await arrive(7, 2)
    await arrivals.arrive(null)
    leave()
    await arrive(8, 2)
    expect(shown).toEqual(['run 1 version 1', 'run 2 version 7', 'no run', 'run 2 version 8'])
    expect(asked).toEqual([])
  })
})
