// The breakpoints of one run.

import type { Lane } from '../../shared/bytes/lanes.ts'
import { matches } from '../../shared/capture/breakpoints.ts'
import type { Cursor } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { parseCondition } from '../../shared/commands/breakGrammar.ts'
import type { Breakpoint } from '../../shared/commands/breakpoint.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'

export interface BreakpointList {
  readonly all: readonly Breakpoint[]
  add(text: string): Result<number>
  remove(id: number): Result<void>
  toggle(id: number): Result<void>
  /** The first enabled one that the lane's next unit, not begun yet, meets. */
  hit(capture: CaptureReader, connection: number, cursor: Cursor, lane: Lane): Breakpoint | null
}

/** Numbers count from 1 and are not used again. */
export function createBreakpoints(initial: readonly Breakpoint[] = []): BreakpointList {
  let all = initial
  let lastId = Math.max(0, ...initial.map(({ id }) => id))

  function change(id: number, becomes: (breakpoint: Breakpoint) => Breakpoint[]): Result<void> {
    if (!all.some((breakpoint) => breakpoint.id === id)) return failure(noSuch(id))
    all = all.flatMap((breakpoint) => (breakpoint.id === id ? becomes(breakpoint) : [breakpoint]))
    return success(undefined)
  }

  return {
    get all() {
      return all
    },
    add: (text) => {
      const condition = parseCondition(text)
      if (!condition.ok) return condition
      lastId += 1
      all = [...all, { id: lastId, enabled: true, condition: condition.value, text }]
      return success(lastId)
    },
    remove: (id) => change(id, () => []),
    toggle: (id) => change(id, (breakpoint) => [{ ...breakpoint, enabled: !breakpoint.enabled }]),
    hit: (capture, connection, cursor, lane) =>
      all.find(({ enabled, condition }) => enabled && matches(condition, capture, connection, cursor, lane)) ?? null,
  }
}

function noSuch(id: number): string {
  return `There is no breakpoint ${id}; list them to see their numbers.`
}
