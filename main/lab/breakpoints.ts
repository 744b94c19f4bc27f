// The breakpoints of one run.

import type { Lane } from '../../shared/bytes/lanes.ts'
import { holdsBefore } from '../../shared/capture/breakpoints.ts'
import { createMatcher, type Matcher } from '../../shared/capture/matcher.ts'
import type { Cursor } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import type { Breakpoint, Expression } from '../../shared/commands/expression.ts'
import { parseExpression } from '../../shared/commands/expressionGrammar.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'

export interface BreakpointList {
  readonly all: readonly Breakpoint[]
  add(text: string): Result<number>
  remove(id: number): Result<void>
  toggle(id: number): Result<void>
  /** The first enabled one that the lane's next unit, not begun yet, meets. */
  hit(capture: CaptureReader, connection: number, cursor: Cursor, lane: Lane): Breakpoint | null
}

/** Numbers count from 1 and are not used again. `changed` is called when one was added, switched or taken away. */
export function createBreakpoints(initial: readonly Breakpoint[] = [], changed = () => {}): BreakpointList {
  let all = initial
  const matchers = new WeakMap<Expression, Matcher>()
  let lastId = Math.max(0, ...initial.map(({ id }) => id))

  function change(id: number, becomes: (breakpoint: Breakpoint) => Breakpoint[]): Result<void> {
    if (!all.some((breakpoint) => breakpoint.id === id)) return failure(noSuch(id))
    all = all.flatMap((breakpoint) => (breakpoint.id === id ? becomes(breakpoint) : [breakpoint]))
    changed()
    return success(undefined)
  }

  function matcherOf(expression: Expression): Matcher {
    const matcher = matchers.get(expression) ?? createMatcher(expression)
    matchers.set(expression, matcher)
    return matcher
  }

  return {
    get all() {
      return all
    },
    add: (text) => {
      const expression = parseExpression(text)
      if (!expression.ok) return expression
      lastId += 1
      all = [...all, { id: lastId, enabled: true, expression: expression.value, text }]
      changed()
      return success(lastId)
    },
    remove: (id) => change(id, () => []),
    toggle: (id) => change(id, (breakpoint) => [{ ...breakpoint, enabled: !breakpoint.enabled }]),
    hit: (capture, connection, cursor, lane) =>
      all.find(
        ({ enabled, expression }) => enabled && holdsBefore(matcherOf(expression), capture, connection, cursor, lane),
      ) ?? null,
  }
}

function noSuch(id: number): string {
  return `There is no breakpoint ${id}; list them to see their numbers.`
}
