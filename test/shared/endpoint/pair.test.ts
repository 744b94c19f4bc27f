// The behaviour suite: what a client and a server of one dialect do with each other, the same for every dialect. What is asked
// for where a dialect has none of it is refused in a sentence, and that is part of the suite. What one dialect alone does is in
// own/; real sockets are in test/interop.
import { describe } from 'vitest'
import { closing } from './pair/closing.ts'
import { fragments } from './pair/fragments.ts'
import { halfClose } from './pair/halfClose.ts'
import { illegalBytes } from './pair/illegalBytes.ts'
import { messages } from './pair/messages.ts'
import { opening } from './pair/opening.ts'
import { pings } from './pair/pings.ts'
import { refusedActions } from './pair/refusedActions.ts'
import { refusedHandshake } from './pair/refusedHandshake.ts'
import { eachDialect } from './peers.ts'

describe.each(eachDialect)('a client and a server of $name', ({ dialect }) => {
  describe('open', () => opening(dialect))
  describe('send messages', () => messages(dialect))
  describe('cut messages into fragments', () => fragments(dialect))
  describe('ping', () => pings(dialect))
  describe('close', () => closing(dialect))
  describe('end one half of the stream', () => halfClose(dialect))
  describe('refuse a handshake', () => refusedHandshake(dialect))
  describe('meet illegal bytes', () => illegalBytes(dialect))
  describe('are asked for what makes no sense', () => refusedActions(dialect))
})
