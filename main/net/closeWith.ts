// Closing with a code, in dialects that may not know it.
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { Action } from '../../shared/endpoint/types.ts'
import type { Result } from '../../shared/ipc/result.ts'

/**
 * Begins the closing handshake. Without close codes in the dialect the code and the reason are left out; so is a code
 * that came with RFC 6455 or later where it is not known yet: closing matters more than saying why.
 */
export function closeWith(
  act: (action: Action) => Result<void>,
  { closeBody }: Dialect,
  code?: number,
  reason?: string,
): Result<void> {
  if (closeBody !== 'codeAndReason') return act({ kind: 'close' })
  const closed = act({ kind: 'close', ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) })
  return closed.ok || code === undefined || code < 1007 || code > 1014 ? closed : act({ kind: 'close' })
}
