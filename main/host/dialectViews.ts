// The dialects as the window needs them: the row's words, and both state tables.

import type { Dialect } from '../../shared/dialects/dialect.ts'
import { dialects } from '../../shared/dialects/registry.ts'
import { tableFor } from '../../shared/endpoint/tables.ts'
import type { DialectView } from '../../shared/ipc/contract.ts'
import { abilitiesOf } from '../services/abilities.ts'

export const dialectViews: readonly DialectView[] = dialects.map(dialectView)

function dialectView(dialect: Dialect): DialectView {
  const { id, name, document, date, says, closeBody } = dialect
  const { ping: pings, binary } = abilitiesOf(dialect)
  return {
    id,
    name,
    document,
    date,
    says,
    pings,
    binary,
    closeBody,
    tables: { client: tableFor(dialect, 'client'), server: tableFor(dialect, 'server') },
  }
}
