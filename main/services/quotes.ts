// Stock quotes, the other sample of 2010: prices of the symbols a client asks for, as often as it likes. The prices are
// simulated, a seeded random walk. A client that does not keep up gets the newest price of each symbol, and is told how
// many it missed, so what waits for it is bounded.
import { seededRandom } from '../../shared/bytes/random.ts'
import {
  fastest,
  type QuoteEvent,
  type QuoteRequest,
  quoteRequest,
  type StockSymbol,
  symbols,
} from '../../shared/samples/quotes.ts'
import { defineService, type Host, type Session } from './service.ts'

export interface QuoteOptions {
  readonly seed?: number
  /** Quotes a second for each client to begin with. 10 by default. */
  readonly rate?: number
  /** Bytes that may wait for a client before its quotes are left out. 65536 by default. */
  readonly most?: number
}

/** A symbol, as one client sees it. */
interface Feed {
  /** Quotes until now, told or left out. */
  number: number
  /** Those since the last one told. */
  untold: number
}

export interface Watch {
  readonly feeds: Map<StockSymbol, Feed>
  /** Quotes a second, of all subscribed symbols together. */
  rate: number
  /** Quotes that are due; the fraction waits for the next round. */
  due: number
}

type Viewer = Session<Watch>

/** Milliseconds between two rounds. Quotes of a round go out together. */
const round = 10
/** Milliseconds that a round makes up for when it comes late. */
const latest = 1000

/** A market of its own for every host. A price moves whenever somebody is to be told of it. */
export function createQuotes({ seed = 2010, rate = 10, most = 65_536 }: QuoteOptions = {}) {
  const prices = new Map<StockSymbol, number>(symbols.map((each) => [each, 10_000]))
  const random = seededRandom(seed)
  let timer: NodeJS.Timeout | undefined
  let last = 0

  function tick({ sessions }: Host<Watch>): void {
    const passed = Math.min(Date.now() - last, latest)
    last = Date.now()
    for (const session of sessions) serve(session, passed)
  }

  function serve(viewer: Viewer, passed: number): void {
    const { state } = viewer
    // Who missed something while it did not keep up gets the newest as soon as it does.
    for (const [each, { untold }] of state.feeds) if (untold > 0) quote(viewer, each)
    state.due = state.feeds.size === 0 ? 0 : state.due + (state.rate * passed) / 1000
    for (; state.due >= 1; state.due -= 1) {
      const [draw, step] = random(2)
      const each = [...state.feeds.keys()][draw! % state.feeds.size]!
      prices.set(each, moved(prices.get(each)!, step!))
      const feed = state.feeds.get(each)!
      feed.number += 1
      feed.untold += 1
      quote(viewer, each)
    }
  }

  function quote(viewer: Viewer, each: StockSymbol): void {
    if (viewer.bufferedAmount > most) return
    const feed = viewer.state.feeds.get(each)!
    const { number, untold } = feed
    tell(viewer, { type: 'quote', symbol: each, price: prices.get(each)!, number, missed: untold - 1 })
    feed.untold = 0
  }

  function take({ state }: Viewer, request: QuoteRequest): void {
    if (request.type === 'rate') state.rate = request.rate
    else if (request.type === 'unsubscribe') state.feeds.delete(request.symbol)
    else if (!state.feeds.has(request.symbol)) state.feeds.set(request.symbol, { number: 0, untold: 0 })
  }

  return defineService({
    state: (): Watch => ({ feeds: new Map(), rate, due: 0 }),
    start: (host) => {
      last = Date.now()
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
function moved(price: number, step: number): number {
  return Math.max(1, Math.round(price * (1 + (step - 127.5) / 5100)))
}

type Read = { readonly ok: true; readonly value: QuoteRequest } | { readonly ok: false; readonly why: string }

function readRequest(data: string | Uint8Array): Read {
  const why = `Send {"type":"subscribe","symbol":"${symbols[0]}"}, "unsubscribe", or "rate" with a number from 1 to ${fastest}.`
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
