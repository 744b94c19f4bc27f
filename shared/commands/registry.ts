// The one table of everything a person can do. Buttons, menus, keys, palette, console, CLI and docs are made from it.

import { exportFormats } from '../export/formats.ts'
import { intermediaryKinds } from '../intermediaries/intermediary.ts'
import { policyPort } from '../profile/policy.ts'
import { profileIds } from '../profile/prototype2010.ts'
import { servedSamples } from '../samples/names.ts'
import {
  type Arg,
  choice,
  completedBy,
  compression,
  count,
  dialect,
  dialectList,
  dialectOrAuto,
  end,
  flag,
  formed,
  hex,
  hexWords,
  inConsole,
  inTerminal,
  lane,
  offset,
  optional,
  otherwise,
  position,
  profile as profileArg,
  raw,
  repeated,
  speed,
  text,
  via as viaArg,
  word,
  words,
} from './args.ts'
import type { ArgsOf, Command, Surface } from './command.ts'

const everywhere = ['window', 'console'] as const
const typed = ['console'] as const
const windowOnly = ['window'] as const
const terminalOnly = ['cli'] as const

const steps = { count: otherwise(count('COUNT', 'how many', 1, 1_000_000), 1) }
const stepLane = { lane: optional(lane('the lane to step; else the one whose turn it is')) }
const place = { lane: lane('the lane, by who sends'), offset: offset('offset in the lane') }
const file = word('FILE', 'a pcapng, pcap or HAR file, also gzipped')
const recording = optional(word('FILE', 'records both sides of the gate to FILE, as pcapng'))
const compress = optional(compression('compresses messages, RFC 7692: on, or parameters separated by semicolons'))
/** How a server of others is judged. */
const judged = {
  insecure: flag('takes whatever certificate a server shows, and says so'),
  ca: optional(word('FILE', 'trusts the authorities in FILE too, certificates as PEM')),
}
const keylog = optional(word('FILE', 'appends the TLS secrets to FILE, as Wireshark reads them'))
const expressionSays =
  'lane client, kind frame, opcode text, size >= 126, "text", /regex/i, bytes 81 7e, time < 1.5s, fault, state client:OPEN, connection 1; with and, or, not, ( )'
const switched = { lane: optional(lane('the lane; else both')) }
const ofAll = { all: flag('on every connection, and on those to come') }
const shaped = { lane: lane('the lane, by who sends') }
const profile = optional(
  profileArg('keeps to what the prototype of December 2010 could do, and says why it refuses the rest'),
)
const millisecondsMost = 3_600_000

export const commands = {
  'step unit': {
    title: 'Step unit',
    help: 'Lets the next head, frame or end of a stream through, whole.',
    group: 'Stepping',
    key: 'F10',
    surfaces: everywhere,
    args: steps,
    options: stepLane,
    examples: ['step unit', 'step unit 2', 'step unit --lane server'],
  },
  'step field': {
    title: 'Step field',
    help: 'Lets bytes through up to the end of the next field.',
    group: 'Stepping',
    key: 'F11',
    surfaces: everywhere,
    args: steps,
    options: stepLane,
    examples: ['step field', 'step field 3'],
  },
  'step byte': {
    title: 'Step byte',
    help: 'Lets the next byte through.',
    group: 'Stepping',
    key: 'Shift+F11',
    surfaces: everywhere,
    args: steps,
    options: stepLane,
    examples: ['step byte', 'step byte 13'],
  },
  'step all': {
    title: 'Step all held',
    help: 'Lets everything through that a lane holds now.',
    group: 'Stepping',
    surfaces: everywhere,
    args: steps,
    options: stepLane,
    examples: ['step all', 'step all --lane client'],
  },
  back: {
    title: 'Step back',
    help: 'Moves the cursor back by units; nothing is undone, every view shows the world as of there.',
    group: 'Stepping',
    key: 'Shift+F10',
    surfaces: everywhere,
    args: steps,
    options: { by: otherwise(choice('what one step is', ['unit', 'field', 'byte']), 'unit') },
    examples: ['back', 'back 3', 'back 5 --by byte'],
  },
  goto: {
    title: 'Go to',
    help: 'Moves the cursor to a record of the log, or to a byte inside one.',
    group: 'Stepping',
    surfaces: typed,
    args: { position: position('records before it, then bytes into it') },
    options: {},
    examples: ['goto 12', 'goto 12:5'],
  },
  start: {
    title: 'Go to the start',
    help: 'Moves the cursor before the first record.',
    group: 'Stepping',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['start'],
  },
  end: {
    title: 'Go to the end',
    help: 'Moves the cursor to the end of the log, where a live run goes on.',
    group: 'Stepping',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['end'],
  },
  run: {
    title: 'Run',
    help: 'Lets units through until nothing is held or a breakpoint holds.',
    group: 'Stepping',
    key: 'F5',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['run'],
  },
  pause: {
    title: 'Pause',
    help: 'Stops running or playing.',
    group: 'Stepping',
    key: 'F6',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['pause'],
  },
  play: {
    title: 'Play',
    help: 'Moves the cursor through the record as time went; pauses longer than a second count as one.',
    group: 'Stepping',
    surfaces: everywhere,
    args: {},
    options: { speed: optional(speed('times real time')) },
    examples: ['play', 'play --speed 0.1', 'play --speed max'],
  },
  speed: {
    title: 'Set the speed',
    help: 'Sets how fast to play.',
    group: 'Stepping',
    surfaces: typed,
    args: { speed: speed('times real time') },
    options: {},
    examples: ['speed 0.5', 'speed max'],
  },
  fork: {
    title: 'Fork here',
    help: 'Starts a run that shares the record up to the cursor and goes on by itself.',
    group: 'Stepping',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['fork'],
  },
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
  edit: {
    title: 'Edit held bytes',
    help: 'Replaces held bytes: takes out --remove bytes at the offset and puts --insert there.',
    group: 'Gate',
    surfaces: typed,
    args: place,
    options: {
      remove: otherwise(count('N', 'bytes to take out', 0, 1_000_000_000), 0),
      insert: optional(hex('bytes to put there')),
    },
    examples: ['edit server 176 --remove 1 --insert ff'],
  },
  insert: {
    title: 'Insert bytes',
    help: 'Puts bytes among the held ones, before the offset.',
    group: 'Gate',
    surfaces: typed,
    args: { ...place, bytes: hexWords('bytes to put there') },
    options: {},
    examples: ['insert client 203 81 00'],
  },
  duplicate: {
    title: 'Duplicate a unit',
    help: 'Puts a copy of the held unit at the offset right behind it.',
    group: 'Gate',
    surfaces: typed,
    args: place,
    options: {},
    examples: ['duplicate client 229'],
  },
  drop: {
    title: 'Drop a unit',
    help: 'Takes the held unit at the offset away: the receiver never gets it.',
    group: 'Gate',
    surfaces: typed,
    args: place,
    options: {},
    examples: ['drop server 166'],
  },
  inject: {
    title: 'Inject a frame',
    help: 'Puts a frame between two units of a lane as if that end had sent it: masked as its dialect masks, or bytes as they are.',
    group: 'Gate',
    surfaces: typed,
    args: {
      end: end('whose lane: who seems to send it'),
      kind: optional(choice('what it is: hex is a binary message', ['text', 'hex', 'ping', 'pong', 'close'])),
      data: otherwise(words('DATA', 'what it carries; of a close frame the code and the reason'), ''),
    },
    options: {
      raw: optional(hex('these bytes instead of a frame, whatever they are')),
      unmasked: flag('leaves a frame from the client unmasked, which breaks the rules'),
    },
    examples: [
      'inject client text hi',
      'inject server close 1001 going away',
      'inject client text --unmasked "not masked"',
      'inject server --raw "c1 01 78"',
    ],
  },
  rewrite: {
    title: "Rewrite a frame's payload",
    help: 'Gives the held frame at the offset another payload, with the length and the mask that it needs, uncompressed.',
    group: 'Gate',
    surfaces: typed,
    args: {
      ...place,
      type: choice('text, or hex for bytes', ['text', 'hex']),
      data: otherwise(words('DATA', 'the new payload'), ''),
    },
    options: { 'keep-header': flag('leaves every bit of the header as it is, whatever the length') },
    examples: ['rewrite client 229 text something longer', 'rewrite server 166 hex --keep-header 00 ff'],
  },
  hold: {
    title: 'Hold',
    help: 'Holds what arrives on a lane of live traffic, or on both; step lets it through.',
    group: 'Gate',
    surfaces: everywhere,
    args: switched,
    options: ofAll,
    examples: ['hold', 'hold client', 'hold server --all'],
  },
  pass: {
    title: 'Pass',
    help: 'Lets everything through that a lane of live traffic holds, and from then on all that arrives.',
    group: 'Gate',
    surfaces: everywhere,
    args: switched,
    options: ofAll,
    examples: ['pass', 'pass server', 'pass --all'],
  },
  delay: {
    title: 'Delay a lane',
    help: 'Keeps every byte of a running lane at the gate for a while; 0 for no time.',
    group: 'Gate',
    surfaces: typed,
    args: { ...shaped, milliseconds: count('MS', 'milliseconds', 0, 600_000) },
    options: {},
    examples: ['delay client 200', 'delay server 0'],
  },
  throttle: {
    title: 'Throttle a lane',
    help: 'Lets no more bytes a second through on a running lane; 0 for as many as come.',
    group: 'Gate',
    surfaces: typed,
    args: { ...shaped, rate: count('RATE', 'bytes a second', 0, 1_000_000_000) },
    options: {},
    examples: ['throttle client 1000', 'throttle server 0'],
  },
  segment: {
    title: 'Cut a lane into segments',
    help: 'Writes the bytes of a running lane one by one, merged, or in pieces of random length; off as they come.',
    group: 'Gate',
    surfaces: typed,
    args: { ...shaped, how: choice('how they are written', ['byte', 'merge', 'random', 'off']) },
    options: {},
    examples: ['segment client byte', 'segment server merge', 'segment client off'],
  },
  'stop listening': {
    title: 'Stop listening',
    help: 'A tap accepts no more connections; those that are open go on.',
    group: 'Sessions',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['stop listening'],
  },
  'break add': {
    title: 'Add a breakpoint',
    help: 'Holds before every unit that matches an expression: lane, kind, opcode, size, "text", /regex/, bytes, fault, state.',
    group: 'Breakpoints',
    surfaces: typed,
    args: {
      condition: raw('EXPRESSION', expressionSays),
    },
    options: {},
    examples: [
      'break add opcode text',
      'break add lane server and (kind frame or size >= 126)',
      'break add not "hello" and fault',
    ],
  },
  'break here': {
    title: 'Break here',
    help: 'Adds a breakpoint for units like the one at the offset; without one, like the unit whose turn it is.',
    group: 'Breakpoints',
    key: 'F9',
    surfaces: everywhere,
    args: { lane: optional(place.lane), offset: optional(place.offset) },
    options: {},
    examples: ['break here', 'break here client 229'],
  },
  'break list': {
    title: 'List breakpoints',
    help: 'Lists the breakpoints with their numbers.',
    group: 'Breakpoints',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['break list'],
  },
  'break remove': {
    title: 'Remove a breakpoint',
    help: 'Removes a breakpoint.',
    group: 'Breakpoints',
    surfaces: typed,
    args: { breakpoint: completedBy('breakpoint', count('N', 'its number', 1, 1_000_000)) },
    options: {},
    examples: ['break remove 1'],
  },
  'break toggle': {
    title: 'Switch a breakpoint',
    help: 'Switches a breakpoint off, or on again.',
    group: 'Breakpoints',
    surfaces: typed,
    args: { breakpoint: completedBy('breakpoint', count('N', 'its number', 1, 1_000_000)) },
    options: {},
    examples: ['break toggle 1'],
  },
  lab: {
    title: 'New lab run',
    help: 'Starts a server and a client of a dialect with a gate between them, paused before the first byte.',
    group: 'Sessions',
    surfaces: ['window', 'console', 'cli'],
    args: { dialect: otherwise(dialect('what both ends speak'), 'hello-00') },
    options: {
      seed: optional(count('N', 'seed of all randomness: the same seed gives the same bytes', 0, 4_294_967_295)),
      url: optional(word('URL', 'what the client asks for; else ws://127.0.0.1:4502/demo')),
      compress,
      via: optional(viaArg('what stands between the ends, from the client on')),
      profile,
      script: inTerminal(optional(word('FILE', 'reads commands from FILE, or from standard input when it is -'))),
      record: inTerminal(recording),
    },
    examples: [
      'lab hello-00 --seed 7',
      'lab rfc6455',
      'lab rfc6455 --compress on',
      'lab hello-00 --profile prototype-2010',
      'lab hixie-76 --via reverse-proxy,cache',
    ],
  },
  sample: {
    title: 'Start a sample',
    help: 'Starts the server of a sample with a tap before it, in place of the sample before. Its clients are in the window.',
    group: 'Sessions',
    surfaces: typed,
    args: { sample: choice('which one', servedSamples) },
    options: { dialect: otherwise(dialect('what the server and its clients speak'), 'hello-00') },
    examples: ['sample chat --dialect hello-00', 'sample quotes --dialect rfc6455'],
  },
  samples: {
    title: 'Samples',
    help: 'Shows what there is to try: web chat, stock quotes and more, each started by one click.',
    group: 'Looking',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  note: {
    title: 'Note',
    help: 'Writes a note into the record, here.',
    group: 'Sessions',
    surfaces: typed,
    args: { text: words('TEXT', 'what to remember') },
    options: {},
    examples: ['note the digest is wrong from here on'],
  },
  save: {
    title: 'Save as…',
    help: 'Saves the session as a pcapng file, which Wireshark opens too.',
    group: 'Sessions',
    surfaces: everywhere,
    args: { path: words('FILE', 'where to') },
    options: {},
    examples: ['save hello.pcapng'],
  },
  export: {
    title: 'Export…',
    help: 'Writes the session, or a part of it, as pcapng, HAR, JSON lines or a page to share; --redact blanks what others are not to see.',
    group: 'Sessions',
    surfaces: ['window', 'console', 'cli'],
    args: { file: inTerminal(optional(file)) },
    options: {
      to: word('OUT', 'the file to write; its name tells the format: .pcapng, .har, .jsonl or .html'),
      format: optional(choice('the format, whatever the name', exportFormats)),
      connection: optional(completedBy('connection', count('N', 'only this connection', 0, 4_294_967_295))),
      filter: optional(word('EXPRESSION', 'only what matches, with the handshakes where the file is a session')),
      redact: repeated(
        word(
          'header:NAME,...|/PATTERN/',
          'blanks the values of header fields, or what a pattern matches, wherever it is',
        ),
      ),
    },
    examples: [
      'export --to session.html',
      "export --to texts.har --filter 'opcode text'",
      'export --to shared.pcapng --redact header:cookie,authorization --redact /token=[0-9a-f]+/i',
    ],
  },
  open: {
    title: 'Open…',
    help: 'Opens a saved session, also one that Wireshark, a browser or another tool saved.',
    group: 'Sessions',
    surfaces: everywhere,
    args: { path: words('FILE', 'a pcapng, pcap or HAR file, also gzipped') },
    options: {},
    examples: ['open hello.pcapng'],
  },
  sessions: {
    title: 'Recent sessions',
    help: 'Lists the sessions recorded or opened lately.',
    group: 'Sessions',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['sessions'],
  },
  runs: {
    title: 'Open runs',
    help: 'Lists the runs that are open.',
    group: 'Sessions',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['runs'],
  },
  use: {
    title: 'Switch to a run',
    help: 'Shows another open run.',
    group: 'Sessions',
    surfaces: typed,
    args: { run: completedBy('run', count('RUN', 'its number', 1, 1_000_000)) },
    options: {},
    examples: ['use 2'],
  },
  cancel: {
    title: 'Cancel opening',
    help: 'Reads no more of the file that is being opened; what was read of it stays.',
    group: 'Sessions',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['cancel'],
  },
  'close-run': {
    title: 'Close the run',
    help: 'Closes a run; its recording stays.',
    group: 'Sessions',
    surfaces: everywhere,
    args: { run: optional(completedBy('run', count('RUN', 'its number; else the one shown', 1, 1_000_000))) },
    options: {},
    examples: ['close-run', 'close-run 2'],
  },
  connection: {
    title: 'Show a connection',
    help: 'Shows another connection of the session.',
    group: 'Sessions',
    surfaces: typed,
    args: { connection: completedBy('connection', count('N', 'its number', 0, 1_000_000_000)) },
    options: {},
    examples: ['connection 1'],
  },
  show: {
    title: 'Show',
    help: 'Prints what a panel shows, as of the cursor.',
    group: 'Looking',
    surfaces: typed,
    args: {
      what: choice('what to print', ['ladder', 'bytes', 'fields', 'states', 'faults', 'messages', 'segments']),
      lane: optional(place.lane),
      offset: optional(place.offset),
    },
    options: {},
    examples: ['show ladder', 'show bytes server', 'show fields server 166', 'show states'],
  },
  filter: {
    title: 'Filter the ladder',
    help: 'Shows only the units that match an expression, or all of them again when there is none.',
    group: 'Looking',
    surfaces: everywhere,
    args: { expression: optional(raw('EXPRESSION', expressionSays)) },
    options: {},
    examples: ['filter lane client and opcode text', 'filter /err(or)?/i or fault', 'filter'],
  },
  dialects: {
    title: 'Dialects',
    help: 'Lists the dialects with their documents.',
    group: 'Looking',
    surfaces: ['console', 'cli'],
    args: {},
    options: {},
    examples: ['dialects'],
  },
  help: {
    title: 'Help',
    help: 'Lists the commands, or explains one.',
    group: 'Looking',
    surfaces: typed,
    args: { command: optional(completedBy('command', words('COMMAND', 'the command to explain'))) },
    options: {},
    examples: ['help', 'help step unit'],
  },
  profile: {
    title: 'Prototype profile',
    help: 'Keeps new runs to what the prototype of December 2010 could do, or lets them do all again.',
    group: 'Sessions',
    surfaces: everywhere,
    args: { profile: choice('what to keep to', [...profileIds, 'none']) },
    options: {},
    examples: ['profile prototype-2010', 'profile none'],
  },
  theme: {
    title: 'Theme',
    help: 'Sets the colours of the window.',
    group: 'Window',
    surfaces: everywhere,
    args: { theme: choice('which colours', ['dark', 'light', 'system']) },
    options: {},
    examples: ['theme light'],
  },
  palette: {
    title: 'Find a command',
    help: 'Opens the list of all commands.',
    group: 'Window',
    key: 'Ctrl+K',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  find: {
    title: 'Find',
    help: 'Searches the lane that is shown for text or bytes.',
    group: 'Window',
    key: 'Ctrl+F',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  keys: {
    title: 'Keys',
    help: 'Shows what every key does.',
    group: 'Window',
    key: '?',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
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
      subprotocol: repeated(
        formed(
          'NAME',
          'speaks this subprotocol; of several the client prefers one',
          /^[!-+\--~]+$/,
          'a name without spaces',
        ),
      ),
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
      tls: flag('speaks TLS, certified by the authority that "wirestep ca" shows: wss://'),
      cert: optional(word('FILE', 'with --tls: shows the certificate in FILE instead, PEM, with its chain behind it')),
      key: optional(word('FILE', 'with --cert: its private key, PEM')),
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
      proxy: optional(word('URL', 'goes through this HTTP proxy, by CONNECT: http://host:port')),
      ...judged,
      keylog,
      compress,
      profile,
      record: recording,
      json: flag('prints one JSON line an event'),
    },
    examples: [
      'connect ws://127.0.0.1:4502/ --dialect rfc6455 --send hello --expect 1 --json',
      'connect ws://127.0.0.1:4503/ --dialect rfc6455 --echo --again',
    ],
  },
  tap: {
    title: 'Tap',
    help: 'Stands between other programs: passes what its clients and the server send on byte for byte, and tells what it was.',
    group: 'Sessions',
    surfaces: ['window', 'console', 'cli'],
    args: {},
    options: {
      listen: count('N', 'port to listen on; 0 takes a free one', 0, 65535),
      upstream: optional(
        word(
          'URL',
          'the server behind the tap: ws://host:port/ or wss://; without it the tap is an HTTP proxy, and clients ask for theirs',
        ),
      ),
      host: otherwise(word('H', 'address to listen on'), '127.0.0.1'),
      dialect: otherwise(dialectOrAuto('what the two sides speak; auto tells it from each request'), 'auto'),
      hold: inConsole(flag('holds both lanes of every connection; without it they run')),
      ...judged,
      keylog,
      profile,
      record: recording,
      json: inTerminal(flag('prints one JSON line an event')),
    },
    examples: [
      'tap --listen 4503 --upstream ws://127.0.0.1:4502/ --record tapped.pcapng',
      'tap --listen 4503 --upstream wss://example.com/',
      'tap --listen 4503',
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
  compare: {
    title: 'Compare dialects',
    help: 'Runs the same scenario in several dialects and shows what each puts on the wire, side by side.',
    group: 'Looking',
    surfaces: ['window', 'cli'],
    args: {},
    options: {
      dialects: dialectList('the dialects to compare, two to ten; else all', 2, 10),
      script: optional(word('FILE', 'the scenario: console lines that make an end act; standard input when it is -')),
      seed: otherwise(count('N', 'seed of all randomness: the same seed gives the same bytes', 0, 4_294_967_295), 7),
      json: flag('prints one JSON document'),
    },
    examples: ['compare --dialects hello-00,rfc6455', 'compare --script scenario.txt --json'],
  },
  replay: {
    title: 'Replay',
    help: 'Plays a recorded client against a real server, or a recorded server to a real client, and tells what differs from the recording.',
    group: 'Sessions',
    surfaces: ['window', 'console', 'cli'],
    args: { file: optional(word('FILE', 'the recorded session; in the window it can be left out for the one shown')) },
    options: {
      to: optional(
        word('URL', 'plays the client against the server there: ws://host:port, with a path to ask for another one'),
      ),
      listen: optional(
        count('N', 'plays the server to the first client that connects to this port; 0 takes a free one', 0, 65535),
      ),
      host: otherwise(word('H', 'address to listen on'), '127.0.0.1'),
      connection: optional(
        count('N', 'which connection; in the window else the one shown, else the only one', 0, 1_000_000_000),
      ),
      speed: otherwise(
        speed('times recorded time; max: by order only. Either way what had come is waited for'),
        Number.POSITIVE_INFINITY,
      ),
      timeout: otherwise(
        count('MS', 'how long to wait for what had come in the recording', 1, millisecondsMost),
        10_000,
      ),
      'keep-masks': flag('keeps the masking keys of the recording; else each frame gets a fresh one'),
      diff: inTerminal(flag('shows the recording and the replay side by side, whole')),
      ...judged,
      record: recording,
      json: inTerminal(flag('prints one JSON line for each thing that happens or differs')),
    },
    examples: [
      'replay hello.pcapng --to ws://127.0.0.1:4502',
      'replay hello.pcapng --listen 4503 --speed 1',
      'replay tapped.pcapng --connection 2 --to ws://127.0.0.1:4502/v2 --record again.pcapng',
    ],
  },
  policy: {
    title: 'Socket policy',
    help: 'Serves the socket policy that Silverlight asked for before it connected, or asks for it as Silverlight did.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: {},
    options: {
      listen: otherwise(count('N', 'port to listen on; Silverlight asks on 943', 0, 65535), policyPort),
      host: otherwise(word('H', 'address to listen on, or to ask'), '127.0.0.1'),
      ask: optional(count('PORT', 'asks the server at --listen instead, for leave to connect to PORT', 1, 65535)),
      timeout: otherwise(count('MS', 'how long a request, or an answer, may take', 1, millisecondsMost), 10_000),
      record: recording,
      json: flag('prints one JSON line an event'),
    },
    examples: ['policy', 'policy --listen 9943 --record policy.pcapng', 'policy --listen 9943 --ask 4502'],
  },
  survive: {
    title: 'Survive intermediaries',
    help: 'Runs dialects behind what stands between ends, and shows which get through, and where the others break.',
    group: 'Looking',
    surfaces: terminalOnly,
    args: {},
    options: {
      dialects: dialectList('which dialects; else all', 1, 10),
      via: otherwise(viaArg('which intermediaries; else all', 6), intermediaryKinds),
      seed: otherwise(count('N', 'seed of all randomness: the same seed gives the same bytes', 0, 4_294_967_295), 7),
      json: flag('prints one JSON line for each'),
    },
    examples: ['survive', 'survive --dialects hixie-76,hello-00 --via reverse-proxy'],
  },
  'stop replay': {
    title: 'Stop the replay',
    help: 'Breaks off the replay that goes on, or stops waiting for its client.',
    group: 'Sessions',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['stop replay'],
  },
  decode: {
    title: 'Decode',
    help: 'Prints one JSON line for every unit of a saved session, or of bytes given as hex.',
    group: 'Terminal',
    surfaces: terminalOnly,
    args: { file: optional(file) },
    options: {
      hex: optional(word('HEX', 'reads these bytes instead, or standard input when it is -; hex dumps too')),
      dialect: optional(
        dialectOrAuto('with --hex: the dialect of the bytes; auto, or left out: what their request tells'),
      ),
      lane: optional(lane('with --hex: the lane of the bytes')),
      open: flag('with --hex: takes the handshake as done'),
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

export type CommandName = keyof typeof commands

/** Names of the commands that one surface has. */
export type CommandOn<S extends Surface> = {
  [N in CommandName]: S extends (typeof commands)[N]['surfaces'][number] ? N : never
}[CommandName]

/** A command with everything it was given. */
export type Call<N extends CommandName = CommandName> = {
  readonly [K in N]: { readonly name: K; readonly args: ArgsOf<(typeof commands)[K]> }
}[N]

export const commandNames = Object.keys(commands) as readonly CommandName[]

/** The row of a command, without the exact types of its arguments. */
export function commandNamed(name: CommandName): Command {
  return commands[name]
}

export function commandsOn<S extends Surface>(surface: S): readonly CommandOn<S>[] {
  return commandNames.filter((name): name is CommandOn<S> => commandNamed(name).surfaces.includes(surface))
}

/** How the command is written: `step unit [COUNT] [--lane client|server]`. */
export function usage(name: CommandName, surface: Surface): string {
  const command = commandNamed(name)
  const isHere = ([, arg]: [string, Arg<unknown>]) =>
    arg.only === undefined || (arg.only === 'cli') === (surface === 'cli')
  const args = Object.entries(command.args)
    .filter(isHere)
    .map(([, arg]) => (arg.absent ? `[${arg.hint}]` : arg.hint))
  const options = Object.entries(command.options)
    .filter(isHere)
    .map(([option, arg]) => optionUsage(option, arg.hint, arg.absent !== null, arg.repeats === true))
  return [name, ...args, ...options].join(' ')
}

function optionUsage(name: string, hint: string, optional: boolean, repeats: boolean): string {
  const written = hint === '' ? `--${name}` : `--${name} ${hint}`
  return optional ? `[${written}]${repeats ? '...' : ''}` : written
}
