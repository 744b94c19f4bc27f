// Stock quotes, the other sample of 2010: prices of the symbols a client asks for, as often as it likes. The prices are
// simulated, a seeded random walk. A client that does not keep up gets the newest price of each symbol, and is told how
// many it missed, so what waits for it is bounded.
import * as z from 'zod'
import { seededRandom } from '../../shared/bytes/random.ts'
import { defineService, type Host, type Session } from './service.ts'

export const symbols = ['ACME', 'BOLT', 'CRUX', 'DUNE', 'ECHO', 'FLUX', 'GLOW', 'HALO'] as const

const symbol = z.enum(symbols)

/** What a client sends. */
export const quoteRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), symbol }),
  z.strictObject({ type: z.literal('unsubscribe'), symbol }),
  /** Quotes a second, of all symbols together, for everyone. */
  z.strictObject({ type: z.literal('rate'), rate: z.number().int().min(1).max(10_000) }),
])

export type QuoteRequest = z.infer<typeof quoteRequest>

/** What the server sends. */
export type QuoteEvent =
  | { readonly type: 'symbols'; readonly symbols: readonly string[]; readonly simulated: true }
  | {
      readonly type: 'quote'
      readonly symbol: string
      /** In cents. */
      readonly price: number
      /** Counts the quotes of this symbol from 1. */
      readonly number: number
      /** Quotes of this symbol left out before this one, because the client did not keep up. */
      readonly missed: number
    }
  | { readonly type: 'refused'; readonly why: string }

export interface QuoteOptions {
  readonly seed?: number
  /** Quotes a second to begin with. 10 by default. */
  readonly rate?: number
  /** Bytes that may wait for a client before its quotes are left out. 65536 by default. */
  readonly most?: number
}

interface Stock {
  price: number
  number: number
}

/** By symbol, the number of the last quote that was sent. */
type Subscriptions = Map<string, number>

type Viewer = Session<Subscriptions>

/** Milliseconds between two rounds. Quotes of a round go out together. */
const round = 10

/** A market of its own for every host. */
export function createQuotes({ seed = 2010, rate: begun = 10, most = 65_536 }: QuoteOptions = {}) {
  const stocks = new Map<string, Stock>(symbols.map((each) => [each, { price: 10_000, number: 0 }]))
  const random = seededRandom(seed)
  let timer: NodeJS.Timeout | undefined
  let rate = begun
  let due = 0

  function tick(host: Host<Subscriptions>): void {
    due += (rate * round) / 1000
    for (; due >= 1; due -= 1) {
      const [draw, step] = random(2)
      const each = symbols[draw! % symbols.length]!
      move(stocks.get(each)!, step!)
      for (const session of host.sessions) quote(session, each)
    }
    // Who missed something while it did not keep up gets the newest as soon as it does.
    for (const session of host.sessions) catchUp(session)
  }

  function catchUp(session: Viewer): void {
    for (const [each, last] of session.state) if (last < stocks.get(each)!.number) quote(session, each)
  }

  function quote(session: Viewer, each: string): void {
    const last = session.state.get(each)
    if (last === undefined || session.bufferedAmount > most) return
    const { price, number } = stocks.get(each)!
    tell(session, { type: 'quote', symbol: each, price, number, missed: number - last - 1 })
    session.state.set(each, number)
  }

  function take(session: Viewer, request: QuoteRequest): void {
    if (request.type === 'rate') rate = request.rate
    else if (request.type === 'unsubscribe') session.state.delete(request.symbol)
    else if (!session.state.has(request.symbol)) session.state.set(request.symbol, stocks.get(request.symbol)!.number)
  }

  return defineService({
    state: (): Subscriptions => new Map(),
    start: (host) => {
      timer = setInterval(() => tick(host), round)
    },
    stop: () => clearInterval(timer),
    open: (session) => tell(session, { type: 'symbols', symbols, simulated: true }),
    message: (session, data) => {
      const request = readRequest(data)
      if (request.ok) take(session, request.value)
      else tell(session, { type: 'refused', why: request.why })
    },
  })
}

/** At most 2.5 per cent up or down a step, and never below a cent. */
function move(stock: Stock, step: number): void {
  stock.price = Math.max(1, Math.round(stock.price * (1 + (step - 127.5) / 5100)))
  stock.number += 1
}

type Read = { readonly ok: true; readonly value: QuoteRequest } | { readonly ok: false; readonly why: string }

function readRequest(data: string | Uint8Array): Read {
  const why = `Send {"type":"subscribe","symbol":"${symbols[0]}"}, "unsubscribe", or "rate" with a number from 1 to 10000.`
  if (typeof data !== 'string') return { ok: false, why }
  try {
    return { ok: true, value: quoteRequest.parse(JSON.parse(data)) }
  } catch {
    return { ok: false, why }
  }
}

function tell(session: Viewer, event: QuoteEvent): void {
  session.send(JSON.stringify(event))
}
