// What an application can ask of a dialect.
import type { Dialect, OpcodeName } from '../../shared/dialects/dialect.ts'

/** What it has not, is refused with a sentence, or left out where nothing is lost. */
export interface Abilities {
  /** Binary messages. Without: `send` of bytes fails. */
  readonly binary: boolean
  /** Pings. Without: `ping` fails, and a ping interval does nothing. */
  readonly ping: boolean
  /** Close codes and reasons. Without: `close` leaves them out. */
  readonly closeCodes: boolean
}

export function abilitiesOf({ opcodes, closeBody }: Dialect): Abilities {
  const has = (name: OpcodeName) => Object.values(opcodes).includes(name)
  return { binary: has('binary'), ping: has('ping'), closeCodes: closeBody === 'codeAndReason' }
}
