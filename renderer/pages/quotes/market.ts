// What a viewer of the quotes has heard: the newest of each symbol, how many came, how many were left out, and the course
// of the prices. It changes in place, since thousands a second come; the window looks at it ten times a second.
import { type QuoteEvent, type StockSymbol, symbols } from '../../../shared/samples/quotes.ts'

export type Quote = Extract<QuoteEvent, { type: 'quote' }>

export interface QuoteRow {
  readonly symbol: StockSymbol
  /** In cents; null before the first quote. */
  readonly price: number | null
  /** Against the time before it was looked at last: -1, 0 or 1. */
  readonly trend: number
  readonly count: number
  readonly missed: number
}

/** Prices in whole currency at the times in seconds; null where there was none. */
export interface Course {
  readonly times: readonly number[]
  readonly prices: Readonly<Record<StockSymbol, readonly (number | null)[]>>
}

/** Looks that the course goes back. */
const looks = 300

interface Seen {
  price: number | null
  before: number | null
  count: number
  missed: number
  course: (number | null)[]
}

export interface Market {
  take(quote: Quote): void
  /** Looks at the prices once more. `time` in milliseconds. */
  look(time: number): void
  rows(): readonly QuoteRow[]
  course(): Course
  /** Quotes that came since the last look. */
  readonly fresh: number
  /** A symbol is not watched any more: its price goes stale. */
  forget(symbol: StockSymbol): void
}

export function createMarket(): Market {
  const seen = new Map<StockSymbol, Seen>()
  for (const symbol of symbols) seen.set(symbol, { price: null, before: null, count: 0, missed: 0, course: [] })
  const times: number[] = []
  let fresh = 0
  let counted = 0

  function row(symbol: StockSymbol): QuoteRow {
    const { price, before, count, missed } = seen.get(symbol)!
    return { symbol, price, trend: price === null || before === null ? 0 : Math.sign(price - before), count, missed }
  }

  return {
    take: ({ symbol, price, missed }) => {
      const one = seen.get(symbol)!
      one.price = price
      one.count += 1
      one.missed += missed
      counted += 1
    },
    look: (time) => {
      fresh = counted
      counted = 0
      times.push(time / 1000)
      if (times.length > looks) times.shift()
      for (const one of seen.values()) {
        const last = one.course.at(-1)
        one.before = last === undefined || last === null ? null : Math.round(last * 100)
        one.course.push(one.price === null ? null : one.price / 100)
        if (one.course.length > looks) one.course.shift()
      }
    },
    rows: () => symbols.map(row),
    course: () => ({
      times: [...times],
      prices: Object.fromEntries(
        symbols.map((symbol) => [symbol, [...seen.get(symbol)!.course]]),
      ) as unknown as Course['prices'],
    }),
    get fresh() {
      return fresh
    },
    forget: (symbol) => {
      seen.get(symbol)!.price = null
    },
  }
}

/** `102.50`. */
export function priceText(cents: number): string {
  return (cents / 100).toFixed(2)
}
