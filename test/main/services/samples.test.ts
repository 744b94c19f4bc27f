// Web chat and stock quotes over real sockets, under every dialect.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createChat } from '../../../main/services/chat.ts'
import { createQuotes, type Watch } from '../../../main/services/quotes.ts'
import type { Session } from '../../../main/services/service.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import type { ChatEvent } from '../../../shared/samples/chat.ts'
import type { QuoteEvent } from '../../../shared/samples/quotes.ts'
import { until } from '../net/sockets.ts'
import { type Guest, type GuestOptions, hosted, visit } from './services.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A guest that speaks JSON. */
async function talker<Event>(url: string, options: GuestOptions = {}) {
  const guest = await visit(url, options)
  const heard = () => guest.messages.map((data) => JSON.parse(data as string) as Event)
  return { guest, heard, ask: (request: unknown) => guest.say(JSON.stringify(request)), until: untilHeard(guest) }
}

function untilHeard({ messages }: Guest) {
  return (count: number) => until(() => messages.length >= count)
}

describe.each(dialectIds)('the chat under %s', (dialect) => {
  it('welcomes with who is here and what was said, and tells who comes, types, speaks and goes', async () => {
    const { host } = await hosted(createChat({ now: () => 7 }), { dialect })
    const ann = await talker<ChatEvent>(host.url, { dialect })
    ann.ask({ type: 'join', name: 'Ann' })
    ann.ask({ type: 'say', text: 'first' })
    await ann.until(2)
    const bob = await talker<ChatEvent>(host.url, { dialect })
    bob.ask({ type: 'join', name: ' Bob ' })
    await bob.until(1)
    bob.ask({ type: 'typing', typing: true })
    bob.ask({ type: 'say', text: '<b>& "hi"</b> ☃' })
    await bob.until(2)
    await bob.guest.leave()
    await ann.until(7)
    const first = { from: 'Ann', text: 'first', time: 7 }
    const second = { type: 'said', from: 'Bob', text: '<b>& "hi"</b> ☃', time: 7 }
    expect(bob.heard()).toEqual([{ type: 'welcome', people: ['Ann', 'Bob'], history: [first] }, second])
    expect(ann.heard()).toEqual([
      { type: 'welcome', people: ['Ann'], history: [] },
      { type: 'said', ...first },
      { type: 'joined', name: 'Bob' },
      { type: 'typing', name: 'Bob', typing: true },
      { type: 'typing', name: 'Bob', typing: false },
      second,
      { type: 'left', name: 'Bob' },
    ])
  })
})

describe('the chat', () => {
  it.each([
    ['nothing readable', 'hello', 'no message of a chat'],
    ['an empty name', '{"type":"join","name":"  "}', 'no message of a chat'],
    ['a field too many', '{"type":"join","name":"x","admin":true}', 'no message of a chat'],
    ['speaking before joining', '{"type":"say","text":"x"}', 'Join first'],
    ['a name that is taken', '{"type":"join","name":"Ann"}', 'There is a Ann here already'],
  ])('refuses %s with a sentence', async (_, text, why) => {
    const { host } = await hosted(createChat())
    const ann = await talker<ChatEvent>(host.url)
    ann.ask({ type: 'join', name: 'Ann' })
    await ann.until(1)
    const other = await talker<ChatEvent>(host.url)
    other.guest.say(text)
    await other.until(1)
    expect(other.heard()).toEqual([{ type: 'refused', why: expect.stringContaining(why) }])
  })

  it('closes on a guest that does not keep up, and tells the others that it left', () => {
    const told: string[] = []
    const closed: (number | undefined)[] = []
    const chat = createChat()
    const sessions = new Set<Session<ReturnType<typeof chat.state>>>()
    const guest = (keepsUp: boolean) => {
      const session = {
        ...{ state: chat.state(), host: { sessions, broadcast: () => 0 } },
        send: (text: string) => {
          if (keepsUp) told.push(JSON.parse(text).type)
          return { ok: keepsUp }
        },
        close: (code?: number) => {
          closed.push(code)
          sessions.delete(self)
          chat.close?.(self, { clean: true })
        },
      }
      const self = session as unknown as Session<ReturnType<typeof chat.state>>
      sessions.add(self)
      return self
    }
    chat.message?.(guest(true), '{"type":"join","name":"Ann"}')
    chat.message?.(guest(false), '{"type":"join","name":"Bob"}')
    expect(closed).toEqual([1008])
    expect(told).toEqual(['welcome', 'left', 'joined'])
  })

  it('remembers no more than it is told to', async () => {
    const { host } = await hosted(createChat({ history: 2 }))
    const ann = await talker<ChatEvent>(host.url)
    ann.ask({ type: 'join', name: 'Ann' })
    for (const text of ['1', '2', '3']) ann.ask({ type: 'say', text })
    await ann.until(4)
    const bob = await talker<ChatEvent>(host.url)
    bob.ask({ type: 'join', name: 'Bob' })
    await bob.until(1)
    expect(bob.heard()[0]).toMatchObject({ history: [{ text: '2' }, { text: '3' }] })
  })
})

const quotesIn = (events: readonly QuoteEvent[]) => events.flatMap((event) => (event.type === 'quote' ? [event] : []))

describe.each(dialectIds)('the quotes under %s', (dialect) => {
  it('push the prices of the symbols that were subscribed to, and no others', async () => {
    const { host } = await hosted(createQuotes({ rate: 5000 }), { dialect })
    const viewer = await talker<QuoteEvent>(host.url, { dialect })
    viewer.ask({ type: 'subscribe', symbol: 'ACME' })
    await viewer.until(20)
    const [told, ...quotes] = viewer.heard()
    expect(told).toMatchObject({ type: 'symbols', simulated: true })
    expect(new Set(quotesIn(quotes).map(({ symbol }) => symbol))).toEqual(new Set(['ACME']))
    const numbers = quotesIn(quotes).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index))
  })
})

describe('the quotes', () => {
  it('stop for a symbol that was unsubscribed from', async () => {
    const { host } = await hosted(createQuotes({ rate: 10_000 }))
    const viewer = await talker<QuoteEvent>(host.url)
    viewer.ask({ type: 'subscribe', symbol: 'ACME' })
    await viewer.until(5)
    viewer.ask({ type: 'unsubscribe', symbol: 'ACME' })
    viewer.ask({ type: 'subscribe', symbol: 'BOLT' })
    await until(() => quotesIn(viewer.heard()).some(({ symbol }) => symbol === 'BOLT'))
    const heard = quotesIn(viewer.heard())
    const from = heard.findIndex(({ symbol }) => symbol === 'BOLT')
    const before = viewer.guest.messages.length
    await viewer.until(before + 20)
    expect(
      quotesIn(viewer.heard())
        .slice(from)
        .every(({ symbol }) => symbol === 'BOLT'),
    ).toBe(true)
  })

  it('are the same walk for the same seed', async () => {
    const walks = []
    for (let run = 0; run < 2; run++) {
      const { host } = await hosted(createQuotes({ seed: 7, rate: 10_000 }))
      const viewer = await talker<QuoteEvent>(host.url)
      viewer.ask({ type: 'subscribe', symbol: 'ACME' })
      await until(() => quotesIn(viewer.heard()).some(({ number }) => number >= 200))
      walks.push(new Map(quotesIn(viewer.heard()).map(({ number, price }) => [number, price])))
    }
    const [one, other] = walks
    const shared = [...one!].filter(([number]) => other!.has(number))
    expect(shared.length).toBeGreaterThan(10)
    expect(shared.map(([number]) => other!.get(number))).toEqual(shared.map(([, price]) => price))
  })

  it('come as fast as each client asks, whatever another asks for', () => {
    vi.useFakeTimers()
    const service = createQuotes({ rate: 10 })
    const viewers = [10, 5000].map((rate) => {
      const events: QuoteEvent[] = []
      const session = {
        state: service.state(),
        bufferedAmount: 0,
        send: (text: string) => events.push(JSON.parse(text)),
      }
      return { rate, events, viewer: session as unknown as Session<Watch> }
    })
    service.start?.({ sessions: new Set(viewers.map(({ viewer }) => viewer)), broadcast: () => 0 })
    for (const { viewer, rate } of viewers) {
      service.message?.(viewer, '{"type":"subscribe","symbol":"ACME"}')
      service.message?.(viewer, JSON.stringify({ type: 'rate', rate }))
    }
    vi.advanceTimersByTime(2000)
    for (const { rate, events } of viewers) expect(Math.abs(quotesIn(events).length - 2 * rate)).toBeLessThanOrEqual(1)
  })

  it('come faster when they are asked to', async () => {
    const { host } = await hosted(createQuotes({ rate: 1 }))
    const viewer = await talker<QuoteEvent>(host.url)
    viewer.ask({ type: 'subscribe', symbol: 'ACME' })
    viewer.ask({ type: 'rate', rate: 10_000 })
    await viewer.until(100)
    expect(quotesIn(viewer.heard()).length).toBeGreaterThanOrEqual(99)
  })

  it('are left out for a client that does not keep up, which gets the newest then and is told how many it missed', () => {
    vi.useFakeTimers()
    const events: QuoteEvent[] = []
    const service = createQuotes({ rate: 1000, most: 1000 })
    const session = {
      state: service.state(),
      bufferedAmount: 0,
      send: (text: string) => events.push(JSON.parse(text)),
    }
    const viewer = session as unknown as Session<Watch>
    service.start?.({ sessions: new Set([viewer]), broadcast: () => 0 })
    service.message?.(viewer, '{"type":"subscribe","symbol":"ACME"}')
    vi.advanceTimersByTime(1000)
    const before = events.length
    session.bufferedAmount = 1001
    vi.advanceTimersByTime(1000)
    expect(events.length).toBe(before)
    session.bufferedAmount = 1000
    vi.advanceTimersByTime(10)
    expect(quotesIn(events)[before]!.missed).toBeGreaterThan(100)
    for (const [index, { number, missed }] of quotesIn(events).entries()) {
      expect(number).toBe((quotesIn(events)[index - 1]?.number ?? 0) + missed + 1)
    }
  })

  it('refuse what is no request of theirs, with a sentence', async () => {
    const { host } = await hosted(createQuotes())
    const viewer = await talker<QuoteEvent>(host.url)
    for (const text of ['?', '{"type":"subscribe","symbol":"NONE"}', '{"type":"rate","rate":0}']) viewer.guest.say(text)
    await viewer.until(4)
    expect(
      viewer
        .heard()
        .slice(1)
        .every((event) => event.type === 'refused'),
    ).toBe(true)
  })
})
