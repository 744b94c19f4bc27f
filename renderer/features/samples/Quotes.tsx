import { Plug, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Chart, lineTokens } from './Chart.tsx'
import { clientsOf } from './clients.ts'
import { LinkChip } from './LinkChip.tsx'
import { priceText, type QuoteRow } from './quotes.ts'
import { createQuotesClient, type QuotesClient } from './quotesClient.ts'

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

/** One viewer: which symbols, how fast, a table and the course of the prices. */
export function Quotes({ sample }: { readonly sample: SampleView }) {
  const session = useSession()
  const [client] = useState(() => clientsOf(session, sample, createQuotesClient))
  const link = useStore(client.line.store)
  const course = useStore(client.watched, ({ course }) => course)
  const theme = useWorld((world) => world.app?.settings.theme) ?? 'system'
  return (
    <div className="clients one">
      <section className="client-pane" aria-label="Viewer">
        <header>
          <h3>Viewer</h3>
          <LinkChip link={link} />
          <small>
            {link.state === 'closed' ? (link.ended ?? '') : 'Prices are simulated: a random walk with a seed'}
          </small>
          <span className="grow" />
          {link.state === 'open' ? (
            <Button look="small outlined" icon={<Unplug />} onClick={client.line.close}>
              Disconnect
            </Button>
          ) : (
            <Button
              look="small outlined"
              icon={<Plug />}
              disabled={link.state === 'connecting'}
              onClick={client.line.open}
            >
              Connect again
            </Button>
          )}
        </header>
        <Pace client={client} />
        <Quoted client={client} />
        <Chart course={course} theme={theme} />
      </section>
    </div>
  )
}
