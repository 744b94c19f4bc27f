// A viewer of the quotes that stops reading, on real sockets and with the time of the service in our hands: what waits for
// it is bounded, and it is up to date again as soon as it reads on.

import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { connectEndpoint } from '../../../main/net/client.ts'
import { createQuotes, type Watch } from '../../../main/services/quotes.ts'
import type { Session } from '../../../main/services/service.ts'
import { decodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { type QuoteEvent, quoteEvent } from '../../../shared/samples/quotes.ts'
import { must } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { hosted } from './services.ts'

type Quote = Extract<QuoteEvent, { type: 'quote' }>

afterEach(() => {
  vi.useRealTimers()
})

const rate = 10_000
const most = 65_536
/** Milliseconds of a round, and more bytes than its quotes have. */
const round = 10
const roundBytes = (rate / 1000) * round * 200

/** The service and its one viewer, who asked for a symbol. */
async function watched() {
  const sessions: Session<Watch>[] = []
  const quotes = createQuotes({ rate, most })
  const { host } = await hosted({ ...quotes, open: (session) => sessions.push(session) })
  const heard: Quote[] = []
  const viewer = must(
    await connectEndpoint({
      ...{ url: host.url, dialect: rfc6455 },
      onEvent: (event) => {
        if (event.kind !== 'message' || event.type !== 'text') return
        const told = quoteEvent.parse(JSON.parse(decodeUtf8(event.bytes)))
        if (told.type === 'quote') heard.push(told)
      },
    }),
  )
  onTestFinished(viewer.destroy)
  await until(() => sessions.length > 0 && viewer.state === 'OPEN')
  must(viewer.act({ kind: 'sendText', text: JSON.stringify({ type: 'subscribe', symbol: 'ACME' }) }))
  await until(() => sessions[0]!.state.feeds.size > 0)
  return { session: sessions[0]!, feed: sessions[0]!.state.feeds.get('ACME')!, viewer, heard }
}

/** Lets rounds go by until something is so; what is written has the time to leave in between. */
async function roundsUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    vi.advanceTimersByTime(round)
    await new Promise(setImmediate)
  }
}

it('quotes for a viewer that stops reading wait up to a limit, stale ones are left out, and it catches up', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const { session, feed, viewer, heard } = await watched()
  await roundsUntil(() => heard.length > 100)
  viewer.read(false)
  await roundsUntil(() => session.bufferedAmount > most)

  const waiting = session.bufferedAmount
  expect(waiting).toBeLessThan(most + roundBytes)
  const from = feed.number
  await roundsUntil(() => feed.number >= from + 5 * rate)
  expect(session.bufferedAmount).toBeLessThanOrEqual(waiting)
  expect(feed.untold).toBeGreaterThanOrEqual(5 * rate)

  viewer.read(true)
  await until(() => session.bufferedAmount === 0)
  await roundsUntil(() => heard.some(({ missed }) => missed >= 5 * rate - 1))
  const newest = feed.number
  await roundsUntil(() => heard.at(-1)!.number > newest)
  expect(heard.at(-1)!.missed).toBe(0)
  for (const [index, { number, missed }] of heard.entries()) {
    expect(number).toBe((heard[index - 1]?.number ?? 0) + missed + 1)
  }
})
