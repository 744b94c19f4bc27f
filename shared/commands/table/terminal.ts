// Terminal: what only a terminal can start.
import {
  choice,
  count,
  dialect,
  dialectOrAuto,
  flag,
  formed,
  hex,
  lane,
  optional,
  otherwise,
  repeated,
  text,
  word,
} from '../args.ts'
import type { Command } from '../command.ts'
import {
  compress,
  file,
  flaw,
  judged,
  keylog,
  millisecondsMost,
  profile,
  recording,
  secured,
  subprotocolName,
  terminalOnly,
  unseenHandshake,
} from './common.ts'

export const terminal = {
  serve: {
    title: 'Serve',
    help: 'Runs a server of a dialect for real clients.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: {},
    options: {
      dialect: dialectOrAuto('what the server speaks; auto: for each connection what its request tells'),
      port: count('N', 'port to listen on; 0 takes a free one', 0, 65535),
      host: otherwise(word('H', 'address to listen on'), '127.0.0.1'),
      compress,
      service: otherwise(
        word('NAME|FILE', 'what the server does: echo, chat, quotes, or a module that exports a service'),
        'echo',
      ),
      path: optional(
        formed('PATH', 'the one path to serve; another gets 404', /^\/[!-~]*$/, 'a path that begins with a slash'),
      ),
      origin: repeated(
        formed(
          'ORIGIN',
          'lets pages of this origin in, and no others: another gets 403',
          /^https?:\/\/[^/\s]+$/,
          'an origin such as https://example.com',
        ),
      ),
      subprotocol: repeated(subprotocolName('speaks this subprotocol; of several the client prefers one')),
      'max-connections': optional(count('N', 'connections at once; the next gets 503; else 1024', 1, 1_000_000)),
      'max-message': optional(
        count('BYTES', 'length of a message; a longer one closes the connection; else 64 MiB', 1, 0x40000000),
      ),
      'handshake-timeout': optional(
        count('MS', 'how long an opening handshake may take; else 10000', 1, millisecondsMost),
      ),
      'idle-timeout': optional(
        count('MS', 'closes a connection whose client has sent nothing for so long; else never', 1, millisecondsMost),
      ),
      'ping-interval': optional(
        count('MS', 'pings every client so often, where the dialect has pings; else never', 1, millisecondsMost),
      ),
      ...secured,
      keylog,
      profile,
      record: recording,
      json: flag('prints one JSON line an event'),
    },
    examples: [
      'serve --dialect rfc6455 --port 4502',
      'serve --dialect rfc6455 --port 4502 --compress "server_no_context_takeover; server_max_window_bits=10"',
      'serve --dialect auto --port 4502 --json',
      'serve --dialect hello-00 --port 4502 --record echo.pcapng --json',
      'serve --dialect rfc6455 --port 4502 --service ./shout.mjs',
      'serve --dialect rfc6455 --port 4502 --service chat --path /chat --origin https://example.com --max-connections 100',
    ],
  },
  connect: {
    title: 'Connect',
    help: 'Runs a client of a dialect against a real server; succeeds when N messages came and the close was clean.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: { url: word('URL', 'where to: ws://host:port/path, or wss://') },
    options: {
      dialect: dialect('what the client speaks'),
      send: repeated(text('TEXT', 'sends a text message')),
      'send-hex': repeated(hex('sends a binary message')),
      echo: flag('sends every message back'),
      again: flag('with --echo: connects again whenever a connection is over, until nobody listens'),
      expect: optional(count('N', 'closes when N messages came; else stays until the server closes', 0, 1_000_000_000)),
      timeout: optional(
        count(
          'MS',
          'gives up after so many milliseconds; else 10000 to open, or to close with --expect',
          1,
          millisecondsMost,
        ),
      ),
      origin: optional(
        word('ORIGIN', 'where the page is from: https://example.com; else nowhere, or the server in drafts that ask'),
      ),
      subprotocol: repeated(subprotocolName('offers this subprotocol; of several the first is liked best')),
      proxy: optional(word('URL', 'goes through this HTTP proxy, by CONNECT: http://host:port')),
      ...judged,
      keylog,
      compress,
      profile,
      flaw,
      record: recording,
      json: flag('prints one JSON line an event'),
    },
    examples: [
      'connect ws://127.0.0.1:4502/ --dialect rfc6455 --send hello --expect 1 --json',
      'connect ws://127.0.0.1:4503/ --dialect rfc6455 --echo --again',
      'connect ws://127.0.0.1:4502/ --dialect rfc6455 --origin https://example.com --subprotocol chat --subprotocol superchat',
      'connect ws://127.0.0.1:4502/ --dialect rfc6455 --flaw no-wait',
    ],
  },
  ca: {
    title: 'Certificate authority',
    help: 'Shows, exports or removes the authority that certifies what is shown to clients that speak TLS; made when first needed.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: {
      what: choice('what is done with it', ['show', 'export', 'remove']),
      file: optional(word('FILE', 'with export: where its certificate goes, as PEM')),
    },
    options: {},
    examples: ['ca show', 'ca export wirestep-ca.pem', 'ca remove'],
  },
  pages: {
    title: 'Serve WebSocketDraft to pages',
    help: 'Lets web pages of the origins you name use WebSocketDraft: serves its script, and connects for them.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: {},
    options: {
      origin: repeated(
        formed(
          'ORIGIN',
          'lets pages of this origin in, and no others',
          /^https?:\/\/[^/\s]+$/,
          'an origin such as https://example.com',
        ),
      ),
      port: otherwise(count('N', 'port to listen on, on 127.0.0.1; 0 takes a free one', 0, 65535), 0),
      json: flag('prints one JSON line'),
    },
    examples: ['pages --origin http://localhost:3000 --port 4510'],
  },
  decode: {
    title: 'Decode',
    help: 'Prints one JSON line for every unit of a saved session, or of bytes given as hex.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: { file: optional(file) },
    options: {
      hex: optional(
        word('HEX', 'reads these bytes instead, or standard input when it is -; also dumps, arrays of C and base64'),
      ),
      dialect: optional(
        dialectOrAuto(
          'of bytes, or of connections of a FILE that do not tell it; auto, or left out: what the request tells',
        ),
      ),
      lane: optional(lane('with --hex: the lane of the bytes')),
      open: flag('with --hex: takes the handshake as done'),
      ...unseenHandshake,
      keylog: optional(
        word('FILE', 'with a capture of TLS: reads it with the secrets in FILE, as browsers write them'),
      ),
      filter: optional(word('EXPRESSION', 'prints only the units that match, as the console filters them')),
      fields: flag('adds the fields of every unit'),
      summary: flag('prints only counts by connection, lane, kind and fault'),
      json: flag('prints JSON lines, as without it'),
    },
    examples: [
      'decode hello.pcapng --summary',
      "decode hello.pcapng --filter 'lane client and (opcode text or size >= 126)'",
      'decode late.pcap --dialect hixie-76',
      'decode --hex "84 02 68 69" --dialect hello-00 --lane clientToServer --open --fields',
    ],
  },
  conform: {
    title: 'Conform',
    help: 'Tests a server or a client against RFC 6455, case by case; a client has to echo, and to connect again for each case.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: {},
    options: {
      server: optional(word('URL', 'tests the server there, which has to echo: ws://host:port/path')),
      'client-port': optional(count('N', 'listens on 127.0.0.1 and tests a client; 0 takes a free port', 0, 65535)),
      cases: otherwise(word('CASES', 'which ones: 5.3, 1.*, 6.4.*, separated by commas'), '*'),
      messages: otherwise(count('N', 'messages in each case of 9.7, 9.8, 12 and 13', 1, 1_000_000), 1_000),
      timeout: otherwise(
        count('MS', 'how long a case of a few bytes may take; large ones may take longer', 1, millisecondsMost),
        10_000,
      ),
      sessions: optional(
        word('DIR', 'keeps the session of every case in DIR, a new folder; else only of those that fail'),
      ),
      json: flag('prints one JSON line a case'),
      junit: optional(word('FILE', 'writes a JUnit report to FILE')),
    },
    examples: [
      'conform --server ws://127.0.0.1:4502/',
      'conform --client-port 4503 --cases 1.*,5.3 --junit report.xml',
    ],
  },
} as const satisfies Record<string, Command>
