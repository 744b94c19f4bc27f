// What is said about stock quotes: JSON texts both ways, judged on arrival by both ends.
import * as z from 'zod'

export const symbols = ['ACME', 'BOLT', 'CRUX', 'DUNE', 'ECHO', 'FLUX', 'GLOW', 'HALO'] as const

export type StockSymbol = (typeof symbols)[number]

const symbol = z.enum(symbols)

/** Quotes a second at most. */
export const fastest = 10_000

/** What a client sends. */
export const quoteRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), symbol }),
  z.strictObject({ type: z.literal('unsubscribe'), symbol }),
  /** Quotes a second for this client, of all its symbols together. */
  z.strictObject({ type: z.literal('rate'), rate: z.number().int().min(1).max(fastest) }),
])

export type QuoteRequest = z.infer<typeof quoteRequest>

/** What the server sends. */
export const quoteEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('symbols'), symbols: z.array(symbol).readonly(), simulated: z.literal(true) }),
  z.strictObject({
    type: z.literal('quote'),
    symbol,
    /** In cents. */
    price: z.number().int(),
    /** Counts the quotes of this symbol for this client from 1. */
    number: z.number().int(),
    /** Quotes of this symbol left out before this one, because the client did not keep up. */
    missed: z.number().int(),
  }),
  z.strictObject({ type: z.literal('refused'), why: z.string() }),
])

export type QuoteEvent = Readonly<z.infer<typeof quoteEvent>>
