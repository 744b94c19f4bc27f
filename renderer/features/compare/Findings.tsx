import type { Comparison } from '../../../shared/compare/types.ts'

/** What differs, a sentence each. */
export function Differences({ comparison: { differences } }: { readonly comparison: Comparison }) {
  return (
    <section className="compare-differences" aria-labelledby="compare-differences">
      <h2 id="compare-differences">What differs</h2>
      {differences.length === 0 ? (
        <p className="dim">Nothing: these dialects put the same on the wire in this scenario.</p>
      ) : (
        <ul>
          {differences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** What was counted, a column each. */
export function Facts({ comparison: { facts, columns } }: { readonly comparison: Comparison }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to be able to do that too
    <section className="compare-ladders compare-facts" aria-label="Counted" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">counted</th>
            {columns.map(({ dialect, name }) => (
              <th key={dialect} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.map(({ name, says, values, differs }) => (
            <tr key={name} data-differs={differs}>
              <th scope="row" title={says}>
                {name}
              </th>
              {values.map((value, index) => (
                <td key={columns[index]?.dialect}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
