// Arbitrary sessions: what the applications ask for, and how the bytes are let through.
import * as fc from 'fast-check'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { Action } from '../../../shared/endpoint/types.ts'

/** `flip`: changes one bit of what is let through. */
export type Move =
  | { readonly kind: 'act'; readonly role: Role; readonly action: Action }
  | { readonly kind: 'pass'; readonly to: Role; readonly count: number; readonly flip: number | null }

const role = fc.constantFrom<Role>('client', 'server')
const payload = fc.uint8Array({ maxLength: 300 })
const fragments = fc.integer({ min: 1, max: 3 })
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('sendText' as const),
    text: fc.string({ unit: 'grapheme', maxLength: 200 }),
    fragments,
  }),
  fc.record({ kind: fc.constant('sendBinary' as const), bytes: payload, fragments }),
  fc.record({ kind: fc.constantFrom('ping' as const, 'pong' as const), bytes: fc.uint8Array({ maxLength: 125 }) }),
  fc.record({ kind: fc.constant('close' as const), body: fc.uint8Array({ maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('close' as const),
    code: fc.constantFrom(1000, 3000),
    reason: fc.string({ maxLength: 9 }),
  }),
  fc.constantFrom<Action>({ kind: 'close' }, { kind: 'end' }, { kind: 'timeout' }),
)
const passing = (flips: fc.Arbitrary<number | null>) =>
  fc.record({ kind: fc.constant('pass' as const), to: role, count: fc.integer({ min: 1, max: 400 }), flip: flips })
const acting = fc.record({ kind: fc.constant('act' as const), role, action })

const throughTo = (to: Role): Move => ({ kind: 'pass', to, count: 4000, flip: null })
/** Enough to open in every dialect. */
const opening: readonly Move[] = [throughTo('server'), throughTo('client'), throughTo('server')]

/** Sessions after the client has asked to open; in most of them the opening handshake comes through first. */
export function moves(flips: fc.Arbitrary<number | null>): fc.Arbitrary<Move[]> {
  const any = fc.oneof(
    { weight: 3, arbitrary: passing(flips) as fc.Arbitrary<Move> },
    { weight: 1, arbitrary: acting as fc.Arbitrary<Move> },
  )
  const first = fc.constantFrom<readonly Move[]>(opening, opening, opening, [])
  return fc.tuple(first, fc.array(any, { maxLength: 60 })).map(([before, rest]) => [...before, ...rest])
}

export const unchanged = fc.constant(null)
/** One chunk in ten loses a bit. */
export const sometimesFlipped = fc.oneof({ weight: 9, arbitrary: unchanged }, { weight: 1, arbitrary: fc.nat(5000) })
