// The option --filter of commands that go through a file.
import { createMatcher, type Matcher } from '../../shared/capture/matcher.ts'
import { parseExpression } from '../../shared/commands/expressionGrammar.ts'
import { CliError } from './terminal.ts'

/** Null without a filter. Throws a CliError for one that cannot be read: to be asked before a long file is. */
export function filterOf({ filter }: { readonly filter?: string | undefined }): Matcher | null {
  if (filter === undefined) return null
  const expression = parseExpression(filter)
  if (!expression.ok) throw new CliError(`--filter: ${expression.error}`)
  return createMatcher(expression.value)
}
