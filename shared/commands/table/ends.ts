// Ends: what client and server are told to do.
import { choice, count, end, hex, optional, otherwise, words } from '../args.ts'
import type { Command } from '../command.ts'
import { everywhere, typed } from './common.ts'

export const ends = {
  send: {
    title: 'Send a message',
    help: 'Makes an end send a text or a binary message.',
    group: 'Ends',
    surfaces: typed,
    args: {
      end: end('who sends'),
      type: choice('text, or hex for a binary message', ['text', 'hex']),
      data: words('DATA', 'the text, or the bytes as hex'),
    },
    options: { fragments: optional(count('N', 'frames to cut the message into', 1, 1000)) },
    examples: ['send client text hello', 'send server hex 00 ff 12', 'send client text --fragments 2 "hello, world"'],
  },
  ping: {
    title: 'Send a ping',
    help: 'Makes an end send a ping.',
    group: 'Ends',
    surfaces: typed,
    args: { end: end('who sends'), text: otherwise(words('TEXT', 'what it carries'), '') },
    options: { hex: optional(hex('what it carries, as hex')) },
    examples: ['ping client', 'ping server are you there'],
  },
  pong: {
    title: 'Send a pong',
    help: 'Makes an end send a pong nobody asked for.',
    group: 'Ends',
    surfaces: typed,
    args: { end: end('who sends'), text: otherwise(words('TEXT', 'what it carries'), '') },
    options: { hex: optional(hex('what it carries, as hex')) },
    examples: ['pong client', 'pong server still here'],
  },
  close: {
    title: 'Close',
    help: 'Makes an end begin the closing handshake; code and reason where the dialect has them, else --hex.',
    group: 'Ends',
    surfaces: typed,
    args: {
      end: end('who closes'),
      code: optional(count('CODE', 'close code', 0, 65535)),
      reason: optional(words('REASON', 'why, in words')),
    },
    options: { hex: optional(hex('body of the close frame, where the dialect gives it no form')) },
    examples: ['close client', 'close server 1000 bye', 'close client --hex 0102'],
  },
  'end client': {
    title: "End the client's stream",
    help: "Ends the client's half of the TCP stream without a closing handshake.",
    group: 'Ends',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['end client'],
  },
  'end server': {
    title: "End the server's stream",
    help: "Ends the server's half of the TCP stream without a closing handshake.",
    group: 'Ends',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['end server'],
  },
} as const satisfies Record<string, Command>
