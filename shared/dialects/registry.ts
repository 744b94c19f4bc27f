// Every dialect Wirestep speaks, oldest first.
import type { Dialect, DialectId } from './dialect.ts'
import { hello00 } from './hello00.ts'
import { hixie75 } from './hixie75.ts'
import { hixie76 } from './hixie76.ts'
import { hybi03 } from './hybi03.ts'
import { hybi04 } from './hybi04.ts'
import { hybi05 } from './hybi05.ts'
import { hybi06 } from './hybi06.ts'
import { hybi07 } from './hybi07.ts'
import { hybi08 } from './hybi08.ts'
import { rfc6455 } from './rfc6455.ts'

const rows: Readonly<Record<DialectId, Dialect>> = {
  'hixie-75': hixie75,
  'hixie-76': hixie76,
  'hybi-03': hybi03,
  'hello-00': hello00,
  'hybi-04': hybi04,
  'hybi-05': hybi05,
  'hybi-06': hybi06,
  'hybi-07': hybi07,
  'hybi-08': hybi08,
  rfc6455,
}

// Dates sort as text. A locale's order is not asked for: the first time it takes 10 ms or more, at every start.
export const dialects: readonly Dialect[] = Object.values(rows).sort(
  (a, b) => Number(a.date > b.date) - Number(a.date < b.date),
)

/** The one that bytes are read as while nothing says otherwise. */
export const newestDialect: Dialect = dialects.at(-1)!

export const dialectIds: readonly DialectId[] = dialects.map((dialect) => dialect.id)

export function dialectById(id: DialectId): Dialect {
  return rows[id]
}

/** For ids that came from a person or a file. */
export function isDialectId(text: string): text is DialectId {
  return Object.hasOwn(rows, text)
}
