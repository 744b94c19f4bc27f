// A viewer of the quotes: its line, what it asked for, and what it heard as of the last look.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type QuoteRequest, quoteEvent, type StockSymbol } from '../../../shared/samples/quotes.ts'
import { type Connect, createLine, type Line } from '../line.ts'
import { type Course, createMarket, type Quote, type QuoteRow } from './market.ts'

export interface Watched {
  readonly rows: readonly QuoteRow[]
  readonly course: Course
  readonly subscribed: readonly StockSymbol[]
  /** Quotes a second, as asked for. */
  readonly rate: number
  /** Quotes a second, as they came. */
  readonly perSecond: number
  readonly refusal: string | null
}

export interface QuotesClient {
  readonly line: Line
  readonly watched: StoreApi<Watched>
  toggle(symbol: StockSymbol): void
  setRate(rate: number): void
}

/** Milliseconds between two looks. */
const pause = 100

export function createQuotesClient(connect: Connect): QuotesClient {
  const market = createMarket()
  const watched = createStore<Watched>(() => ({
    ...{ rows: market.rows(), course: market.course(), subscribed: ['ACME', 'BOLT', 'CRUX'] },
    ...{ rate: 10, perSecond: 0, refusal: null },
  }))
  let looking: ReturnType<typeof setInterval> | undefined
  const tell = (request: QuoteRequest) => line.send(request)
  const line = createLine(connect, { opened: askAgain, heard })

  /** A new connection knows nothing of what the one before asked for. */
  function askAgain(): void {
    const { subscribed, rate } = watched.getState()
    for (const symbol of subscribed) tell({ type: 'subscribe', symbol })
    tell({ type: 'rate', rate })
    looking = setInterval(look, pause)
  }

  function heard(data: unknown): void {
    const event = quoteEvent.safeParse(data)
    if (!event.success) watched.setState({ refusal: 'Something came that is no quote.' })
    else if (event.data.type === 'quote') take(event.data)
    else if (event.data.type === 'refused') watched.setState({ refusal: event.data.why })
  }

  /** One may come yet of a symbol that is not wanted any more. */
  function take(quote: Quote): void {
    market.take(quote)
    if (!watched.getState().subscribed.includes(quote.symbol)) market.forget(quote.symbol)
  }

  function look(): void {
    market.look(Date.now())
    const perSecond = Math.round(watched.getState().perSecond * 0.8 + market.fresh * (1000 / pause) * 0.2)
    watched.setState({ rows: market.rows(), course: market.course(), perSecond })
  }

  line.store.subscribe(({ state }) => {
    if (state !== 'closed') return
    clearInterval(looking)
    look()
    watched.setState({ perSecond: 0 })
  })
  line.open()
  return {
    ...{ line, watched },
    toggle: (symbol) => {
      const { subscribed } = watched.getState()
      const on = subscribed.includes(symbol)
      watched.setState({ subscribed: on ? subscribed.filter((each) => each !== symbol) : [...subscribed, symbol] })
      tell({ type: on ? 'unsubscribe' : 'subscribe', symbol })
      if (on) market.forget(symbol)
    },
    setRate: (rate) => {
      watched.setState({ rate })
      tell({ type: 'rate', rate })
    },
  }
}
