// The rows around what is visible of a long list of the current run.
import { useState } from 'react'
import type { Answer } from '../../shared/ipc/contract.ts'
import type { ReplayReport, ReplayRow } from '../../shared/replay/types.ts'
import { useAnswer, useWorld } from './context.ts'
import { type Range, rangeAround } from './window.ts'

export type ListMethod = 'rows' | 'matches' | 'messages' | 'faults' | 'segments' | 'transitions' | 'connections'
export type RowOf<M extends ListMethod> = Answer<M>['rows'][number]

export interface Rows<M extends ListMethod> {
  readonly total: number
  /** Index of the first row in `rows`. */
  readonly from: number
  readonly rows: readonly RowOf<M>[]
  /** False until the first answer. */
  readonly loaded: boolean
  readonly error: string | null
  readonly retry: () => void
  readonly whenVisible: (from: number, to: number) => void
}

/** Some screens of rows: what is asked for is made and drawn before anything of it is seen. */
const windowSize = 160

/** What is to be held of a list, for what is seen of it. */
function useRange(): readonly [Range, Rows<ListMethod>['whenVisible']] {
  const [range, setRange] = useState<Range>({ from: 0, count: windowSize })
  const [whenVisible] = useState(
    () => (from: number, to: number) => setRange((held) => rangeAround(held, { from, to }, windowSize)),
  )
  return [range, whenVisible]
}

/** The rows of a replay that are in view, and around. */
export function useReplayRows({ replayed }: ReplayReport) {
  const [range, whenVisible] = useRange()
  const { answer, payload, error, retry } = useAnswer('replayRows', { replay: replayed.run, ...range })
  const rows: readonly ReplayRow[] = answer?.rows ?? []
  return { from: payload?.from ?? 0, rows, error, retry, whenVisible }
}

export function useRows<M extends ListMethod>(method: M): Rows<M> {
  const run = useWorld((world) => world.run?.id)
  const [range, whenVisible] = useRange()
  const { answer, payload, error, retry } = useAnswer<ListMethod>(method, run === undefined ? null : { run, ...range })
  return {
    total: answer?.total ?? 0,
    from: payload?.from ?? 0,
    rows: (answer?.rows ?? []) as readonly RowOf<M>[],
    loaded: answer !== null,
    error,
    retry,
    whenVisible,
  }
}
