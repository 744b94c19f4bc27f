// The filter of one run: which rows of the ladder are shown. Rows are looked at a few at a time, so that the window
// goes on while a long session is searched; what is found so far shows at once.
import type { Capture } from '../../shared/capture/capture.ts'
import { createMatcher } from '../../shared/capture/matcher.ts'
import { createRowSearch, type RowSearch } from '../../shared/capture/search.ts'
import { parseExpression } from '../../shared/commands/expressionGrammar.ts'
import type { RunView } from '../../shared/ipc/contract.ts'
import { type Result, success } from '../../shared/ipc/result.ts'

export interface RunFilter {
  /** Shows only what matches from now on; null shows everything. A failure says what is wrong with the expression. */
  set(text: string | null): Result<void>
  /** How far the search is on a connection; null without a filter. Goes on searching what has come since. */
  view(connection: number): RunView['filter']
  /** What was found so far; null without a filter. */
  search(connection: number): RowSearch | null
  stop(): void
}

/** Milliseconds that others wait at most, and rows looked at between two looks at the clock. */
const slice = 8
const burst = 16

/** `found` is called when more was searched. */
export function createFilter(capture: Capture, found: () => void): RunFilter {
  let filter: { readonly text: string; readonly search: (connection: number) => RowSearch } | null = null
  let turn: NodeJS.Immediate | null = null

  function goOn(search: RowSearch): void {
    turn ??= setImmediate(() => {
      turn = null
      const until = performance.now() + slice
      let isMore = true
      while (isMore && performance.now() < until) isMore = search.advance(burst)
      found()
      if (isMore) goOn(search)
    })
  }

  function stop(): void {
    if (turn) clearImmediate(turn)
    turn = null
  }

  return {
    set(text) {
      const expression = text === null ? null : parseExpression(text)
      if (expression && !expression.ok) return expression
      stop()
      filter = expression && text !== null ? { text, search: searches(capture, expression.value) } : null
      return success(undefined)
    },
    view(connection) {
      if (filter === null) return null
      const search = filter.search(connection)
      const of = capture.connection(connection).rowCount
      if (search.searched < of) goOn(search)
      return { text: filter.text, searched: search.searched, of }
    },
    search: (connection) => filter?.search(connection) ?? null,
    stop,
  }
}

/** One search a connection, made when it is first looked at. */
function searches(capture: Capture, expression: Parameters<typeof createMatcher>[0]) {
  const matcher = createMatcher(expression)
  const made = new Map<number, RowSearch>()
  return (connection: number): RowSearch => {
    const search = made.get(connection) ?? createRowSearch(capture, connection, matcher)
    made.set(connection, search)
    return search
  }
}
