// What a dialect has no way to do.
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Action } from '../endpoint/types.ts'

/** Why the dialect has no such action, as words that follow its name; null when it has. */
export function lackOf(dialect: Dialect, action: Action): string | null {
  const names = Object.values(dialect.opcodes)
  switch (action.kind) {
    case 'sendBinary':
      return names.includes('binary') ? fragmentsLackOf(dialect, action.fragments) : 'has no binary messages'
    case 'sendText':
    case 'sendUtf8':
      return fragmentsLackOf(dialect, action.fragments)
    case 'ping':
    case 'pong':
      return names.includes(action.kind) ? null : `has no ${action.kind}`
    case 'close':
      return closeLackOf(dialect, action)
    case 'open':
    case 'end':
    case 'timeout':
      return null
    default:
      return unreachable(action)
  }
}

function fragmentsLackOf({ opcodes }: Dialect, fragments = 1): string | null {
  return fragments === 1 || Object.values(opcodes).includes('continuation') ? null : 'has no fragments'
}

function closeLackOf({ closeBody }: Dialect, { code, body }: Extract<Action, { kind: 'close' }>): string | null {
  if (code !== undefined && closeBody !== 'codeAndReason') return 'has no close codes'
  return body !== undefined && closeBody !== 'opaqueEchoed' ? 'has no free form for what a close carries' : null
}
