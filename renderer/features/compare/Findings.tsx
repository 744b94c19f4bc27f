import { useState } from 'react'
import type { Comparison } from '../../../shared/compare/types.ts'
import { Button } from '../../ui/Button.tsx'
import { SideTable } from '../../ui/SideTable.tsx'

/** Sentences that are shown at first: a long scenario has one for most of its lines. */
const shownFirst = 12

/** What differs, a sentence each. */
export function Differences({ comparison: { differences } }: { readonly comparison: Comparison }) {
  const [all, setAll] = useState(false)
  const more = !all && differences.length > shownFirst
  return (
    <section className="compare-differences" aria-labelledby="compare-differences">
      <h2 id="compare-differences">What differs</h2>
      {differences.length === 0 ? (
        <p className="dim">Nothing: these dialects put the same on the wire in this scenario.</p>
      ) : (
        <ul>
          {(more ? differences.slice(0, shownFirst) : differences).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {more && <Button onClick={() => setAll(true)}>All {differences.length} differences</Button>}
    </section>
  )
}

/** What was counted, a column each. */
export function Facts({ comparison: { facts, columns } }: { readonly comparison: Comparison }) {
  return (
    <SideTable
      label="Counted"
      className="compare-ladders compare-facts"
      columns={columns.length}
      heads={
        <>
          <th scope="col">counted</th>
          {columns.map(({ dialect, name }) => (
            <th key={dialect} scope="col">
              {name}
            </th>
          ))}
        </>
      }
      body={facts.map(({ name, says, values, differs }) => (
        <tr key={name} data-differs={differs}>
          <th scope="row" title={says}>
            {name}
          </th>
          {values.map((value, index) => (
            <td key={columns[index]?.dialect}>{value}</td>
          ))}
        </tr>
      ))}
    />
  )
}
