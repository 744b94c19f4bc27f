import { Plug, Unplug } from 'lucide-react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { Theme } from '../../state/theme.ts'
import { Button } from '../../ui/Button.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Chart, lineTokens } from './Chart.tsx'
import { priceText, type QuoteRow } from './market.ts'
import type { QuotesClient } from './quotesClient.ts'

const rates = ['1', '10', '100', '1000', '5000'] as const
const trends: Readonly<Record<number, string>> = { [-1]: '▼', 0: '', 1: '▲' }

interface QuoteProps {
  readonly row: QuoteRow
  readonly on: boolean
  readonly toggle: () => void
}

function Quote({ row: { symbol, price, trend, count, missed }, on, toggle }: QuoteProps) {
  return (
    <tr data-testid={`quote-${symbol}`}>
      <th scope="row">
        <label>
          <input type="checkbox" checked={on} onChange={toggle} />
          <i className="dot" style={{ background: `var(${lineTokens[symbol]})` }} />
          {symbol}
        </label>
      </th>
      <td className="number">{on && price !== null ? priceText(price) : '–'}</td>
      <td className="trend" data-trend={trend}>
        {on ? trends[trend] : ''}
      </td>
      <td className="number">{count}</td>
      <td className="number">{missed}</td>
    </tr>
  )
}

function Quoted({ client }: { readonly client: QuotesClient }) {
  const { rows, subscribed } = useStore(client.watched)
  return (
    <table className="quotes-table">
      <caption className="visually-hidden">Quotes of the symbols subscribed to</caption>
      <thead>
        <tr>
          <th scope="col">Symbol</th>
          <th scope="col">Price</th>
          <td />
          <th scope="col">Quotes</th>
          <th scope="col" title="Left out because they waited too long: the newest came in their place">
            Left out
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Quote
            key={row.symbol}
            row={row}
            on={subscribed.includes(row.symbol)}
            toggle={() => client.toggle(row.symbol)}
          />
        ))}
      </tbody>
    </table>
  )
}

function Pace({ client }: { readonly client: QuotesClient }) {
  const { rate, perSecond, refusal } = useStore(client.watched)
  return (
    <div className="quotes-pace">
      <span>Quotes a second</span>
      <Segmented
        label="Quotes a second"
        value={String(rate)}
        options={rates.map((value) => ({ value, label: value }))}
        onChange={(value) => client.setRate(Number(value))}
      />
      <span className="number">{perSecond} come</span>
      <span role="status">{refusal}</span>
    </div>
  )
}

function Connection({ client: { line } }: { readonly client: QuotesClient }) {
  const { state, ended } = useStore(line.store)
  return (
    <header className="page-bar">
      <p>{state === 'closed' ? (ended ?? '') : 'Prices are simulated: a random walk with a seed'}</p>
      <span className="grow" />
      {state === 'open' ? (
        <Button look="small outlined" icon={<Unplug />} onClick={line.close}>
          Disconnect
        </Button>
      ) : (
        <Button look="small outlined" icon={<Plug />} disabled={state === 'connecting'} onClick={line.open}>
          Connect again
        </Button>
      )}
    </header>
  )
}

interface ViewerProps {
  readonly client: QuotesClient
  readonly theme: StoreApi<Theme>
}

/** Which symbols, how fast, a table and the course of the prices. */
export function Viewer({ client, theme }: ViewerProps) {
  const course = useStore(client.watched, ({ course }) => course)
  return (
    <>
      <Connection client={client} />
      <Pace client={client} />
      <Quoted client={client} />
      <Chart course={course} theme={useStore(theme)} />
    </>
  )
}
