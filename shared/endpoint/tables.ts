// The state machines of both ends, as tables. Theory of operation:
//
// An end is in one state. What it sends and receives are triggers: whole units (a head, a Hello, a frame), the ends of
// the two halves of the TCP stream, a broken rule that ends the connection, and a deadline. A row says where a trigger
// leads from a state. A trigger without a row changes nothing: received, the judge has reported it; sent, the judge at
// the other end does. FAILED and CLOSED are final and have no rows. FAILED means that the connection never opened or
// that a rule was broken: the end has said so if it could (an HTTP error, a close frame) and ended its half. CLOSED is
// reached from an open connection, cleanly when it passes through CLOSE_DONE.
//
// A dialect's table is put together from strategies it names: its challenge gives the rows of the opening handshake,
// its close body those of the closing handshake. The endpoint, the observer, the states view and the docs read the
// same rows.
import type { Role } from '../bytes/lanes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { StateName, StateTable, TableRow, Trigger } from './types.ts'

type Challenge = Dialect['handshake']['challenge']
type CloseBody = Dialect['closeBody']

function row(from: StateName, trigger: Trigger, to: StateName, cite: string, says: string): TableRow {
  return { from, trigger, to, cite, says }
}

/** While the connection is not open, any end, fault or deadline means that it never will be. */
function givesUp(from: StateName, cite: string): StateTable {
  return [
    row(from, 'fault', 'FAILED', cite, 'A rule of the opening handshake is broken: the connection is not opened.'),
    row(from, 'receiveEnd', 'FAILED', cite, 'The peer ended its stream before the opening handshake was finished.'),
    row(from, 'sendEnd', 'FAILED', cite, 'This end gives up before the opening handshake is finished.'),
    row(from, 'timeout', 'FAILED', cite, 'The opening handshake takes too long: this end gives up.'),
  ]
}

function clientRequest(cite: string): StateTable {
  return [
    row('IDLE', 'sendRequest', 'AWAITING_RESPONSE', cite, 'The client asks for an upgrade and waits for the answer.'),
    row('IDLE', 'fault', 'FAILED', cite, 'The server spoke before it was asked.'),
    row('IDLE', 'receiveEnd', 'FAILED', cite, 'The server ended its stream before it was asked for anything.'),
    row('IDLE', 'sendEnd', 'FAILED', cite, 'The client leaves without asking.'),
    row('AWAITING_RESPONSE', 'receiveRefusal', 'FAILED', cite, 'Any status but 101 means that no WebSocket is opened.'),
    ...givesUp('AWAITING_RESPONSE', cite),
  ]
}

function serverRequest(cite: string): StateTable {
  return [
    row('AWAITING_REQUEST', 'receiveRequest', 'REQUEST_RECEIVED', cite, 'The request is whole and breaks no rule.'),
    ...givesUp('AWAITING_REQUEST', cite),
    row('REQUEST_RECEIVED', 'sendRefusal', 'FAILED', cite, 'The server turns a well-formed request away.'),
    row('REQUEST_RECEIVED', 'sendEnd', 'FAILED', cite, 'The server leaves without answering.'),
  ]
}

const acceptHashOpening = ({ cites }: Dialect): Readonly<Record<Role, StateTable>> => ({
  client: [
    ...clientRequest(cites.clientSteps),
    row(
      'AWAITING_RESPONSE',
      'receiveResponse',
      'OPEN',
      cites.clientSteps,
      'The accept value proves that the server read the key: the connection is open.',
    ),
  ],
  server: [
    ...serverRequest(cites.serverSteps),
    row(
      'REQUEST_RECEIVED',
      'sendResponse',
      'OPEN',
      cites.response,
      'The server answers 101 with the hash of the key: for it the connection is open.',
    ),
  ],
})

const helloOpening = (): Readonly<Record<Role, StateTable>> => ({
  client: [
    ...clientRequest('hello-00 §12'),
    row(
      'AWAITING_RESPONSE',
      'receiveResponse',
      'AWAITING_SERVER_HELLO',
      'hello-00 §12',
      'The head is good, but proves nothing yet: the server still has to send its Hello.',
    ),
    ...givesUp('AWAITING_SERVER_HELLO', 'hello-00 §12 steps 47-51'),
    row(
      'AWAITING_SERVER_HELLO',
      'receiveHello',
      'OPEN',
      'hello-00 §12 step 51',
      'The digest proves that the server read the client’s nonce: the connection is open.',
    ),
    row('OPEN', 'sendHello', 'OPEN', 'hello-00 §12', 'The client’s proof goes out before any of its other frames.'),
  ],
  server: [
    ...serverRequest('hello-00 §13'),
    row(
      'REQUEST_RECEIVED',
      'sendResponse',
      'AWAITING_CLIENT_HELLO',
      'hello-00 §13 step 14',
      'The server accepts: it may send, but acts on nothing until the client has proved itself.',
    ),
    row(
      'AWAITING_CLIENT_HELLO',
      'sendHello',
      'AWAITING_CLIENT_HELLO',
      'hello-00 §13',
      'The server’s nonce and proof follow the head at once.',
    ),
    ...(['sendData', 'sendPing', 'sendPong'] as const).map((trigger) =>
      row(
        'AWAITING_CLIENT_HELLO',
        trigger,
        'AWAITING_CLIENT_HELLO',
        'hello-00 §13 step 14',
        'Sending is allowed already.',
      ),
    ),
    row(
      'AWAITING_CLIENT_HELLO',
      'sendClose',
      'CLOSE_SENT',
      'hello-00 §13 step 14',
      'The server may close before the client has proved itself.',
    ),
    ...givesUp('AWAITING_CLIENT_HELLO', 'hello-00 §13 step 15'),
    row(
      'AWAITING_CLIENT_HELLO',
      'receiveHello',
      'OPEN',
      'hello-00 §13 steps 15-52',
      'The digest proves that the client read the server’s nonce: the connection is established.',
    ),
    row(
      'CLOSE_SENT',
      'receiveHello',
      'CLOSE_SENT',
      'hello-00 §13',
      'The client’s proof comes before its answer to the close.',
    ),
  ],
})

/** hixie-75: heads go both ways, and that is all. */
const bareOpening = ({ cites }: Dialect): Readonly<Record<Role, StateTable>> => ({
  client: [
    ...clientRequest(cites.clientSteps),
    row(
      'AWAITING_RESPONSE',
      'receiveResponse',
      'OPEN',
      cites.clientSteps,
      'The head is what it has to be. Nothing proves that the server understood the request.',
    ),
  ],
  server: [
    ...serverRequest(cites.serverSteps),
    row(
      'REQUEST_RECEIVED',
      'sendResponse',
      'OPEN',
      cites.serverSteps,
      'The server answers: for it the connection is open.',
    ),
  ],
})

/** hixie-76 to hybi-03: bytes behind the empty lines prove that the request was read. */
const keyNumbersOpening = ({ cites }: Dialect): Readonly<Record<Role, StateTable>> => ({
  client: [
    ...clientRequest(cites.clientSteps),
    row(
      'AWAITING_RESPONSE',
      'sendChallenge',
      'AWAITING_RESPONSE',
      cites.clientSteps,
      'Eight random bytes follow the head: without them no answer can be right.',
    ),
    row(
      'AWAITING_RESPONSE',
      'receiveResponse',
      'AWAITING_CHALLENGE',
      cites.clientSteps,
      'The head is good, but proves nothing yet: 16 bytes still have to come.',
    ),
    ...givesUp('AWAITING_CHALLENGE', cites.clientSteps),
    row(
      'AWAITING_CHALLENGE',
      'receiveChallenge',
      'OPEN',
      cites.clientSteps,
      'The bytes prove that the server read both keys and the 8 bytes: the connection is open.',
    ),
  ],
  server: [
    ...serverRequest(cites.serverSteps),
    row(
      'REQUEST_RECEIVED',
      'sendResponse',
      'AWAITING_KEY3',
      cites.serverSteps,
      'The head goes out before the 8 bytes are in: proxies were seen to hold these back until they saw an answer.',
    ),
    row(
      'AWAITING_KEY3',
      'receiveChallenge',
      'OPEN',
      cites.serverSteps,
      'The 8 bytes are in: the proof can be made, and for the server the connection is open.',
    ),
    // Any 8 bytes will do, so no rule of theirs can be broken.
    ...givesUp('AWAITING_KEY3', cites.serverSteps).filter(({ trigger }) => trigger !== 'fault'),
    row('OPEN', 'sendChallenge', 'OPEN', cites.serverSteps, 'The proof goes out before any frame.'),
  ],
})

const openings: Readonly<Record<Challenge, (dialect: Dialect) => Readonly<Record<Role, StateTable>>>> = {
  none: bareOpening,
  keyNumbers: keyNumbersOpening,
  acceptHash: acceptHashOpening,
  acceptHashAndNonce: acceptHashOpening,
  hello: helloOpening,
}

/** An open connection: the same for both ends. */
function openRows(cite: string): StateTable {
  return [...messageRows(cite), ...pingRows(cite), ...beginToClose(cite), ...endsWithoutClose(cite)]
}

function messageRows(cite: string): StateTable {
  return [
    row('OPEN', 'sendData', 'OPEN', cite, 'Messages go out.'),
    row('OPEN', 'receiveData', 'OPEN', cite, 'Messages are delivered to the application.'),
  ]
}

function pingRows(cite: string): StateTable {
  return [
    row('OPEN', 'sendPing', 'OPEN', cite, 'A ping asks the peer for a sign of life.'),
    row('OPEN', 'receivePing', 'OPEN', cite, 'A ping is answered with a pong of the same payload.'),
    row('OPEN', 'sendPong', 'OPEN', cite, 'The answer to a ping.'),
    row('OPEN', 'receivePong', 'OPEN', cite, 'The peer gave a sign of life.'),
  ]
}

function beginToClose(cite: string): StateTable {
  return [
    row('OPEN', 'sendClose', 'CLOSE_SENT', cite, 'This end begins to close: it sends no more data.'),
    row('OPEN', 'receiveClose', 'CLOSE_RECEIVED', cite, 'The peer begins to close: what follows is not delivered.'),
  ]
}

function endsWithoutClose(cite: string): StateTable {
  return [
    row('OPEN', 'fault', 'FAILED', cite, 'A rule is broken, and this end drops the connection without a close frame.'),
    row('OPEN', 'receiveEnd', 'CLOSED', cite, 'The peer ended its stream without a closing handshake.'),
    row('OPEN', 'sendEnd', 'CLOSED', cite, 'This end ends its stream without a closing handshake.'),
  ]
}

/** What closing handshakes with pings and fragments have in common. */
function closingRows(cite: string, role: Role): StateTable {
  return [...underWayRows(cite), ...closingEnds(cite, role)]
}

/** What may still come and go between the two close frames. */
function underWayRows(cite: string): StateTable {
  return [
    row('CLOSE_SENT', 'receiveData', 'CLOSE_SENT', cite, 'Data that was under way is still delivered.'),
    row('CLOSE_SENT', 'receivePing', 'CLOSE_SENT', cite, 'A ping that was under way is still answered.'),
    row(
      'CLOSE_SENT',
      'sendPong',
      'CLOSE_SENT',
      cite,
      'The answer to a ping is not data: it may follow the close frame.',
    ),
    row('CLOSE_SENT', 'receivePong', 'CLOSE_SENT', cite, 'A pong that was under way arrives.'),
    row(
      'CLOSE_RECEIVED',
      'sendData',
      'CLOSE_RECEIVED',
      cite,
      'A message that was begun may be finished before the answer.',
    ),
  ]
}

function closingEnds(cite: string, role: Role): StateTable {
  return [
    row(
      'CLOSE_SENT',
      'fault',
      'FAILED',
      cite,
      'A rule is broken: this end, which has sent its close frame by now, ends its stream.',
    ),
    row('CLOSE_SENT', 'timeout', 'CLOSED', cite, 'The peer does not answer the close frame: this end stops waiting.'),
    ...ends('CLOSE_SENT', cite, 'before the closing handshake was finished'),
    ...ends('CLOSE_RECEIVED', cite, 'before the closing handshake was finished'),
    ...ends('CLOSE_DONE', cite, 'after the closing handshake: the connection is closed cleanly'),
    // A server never waits there: it ends its stream at once.
    ...(role === 'client'
      ? [row('CLOSE_DONE', 'timeout', 'CLOSED', cite, 'The server does not end its stream: the client stops waiting.')]
      : []),
  ]
}

function ends(from: StateName, cite: string, when: string): StateTable {
  return [
    row(from, 'receiveEnd', 'CLOSED', cite, `The peer ended its stream ${when}.`),
    row(from, 'sendEnd', 'CLOSED', cite, `This end ended its stream ${when}.`),
  ]
}

/** hixie-75: closing is closing TCP. */
const bareClosing = ({ cites }: Dialect): StateTable => [
  ...messageRows(cites.open),
  row('OPEN', 'fault', 'FAILED', cites.closing, 'A rule is broken, and this end drops the connection.'),
  row('OPEN', 'receiveEnd', 'CLOSED', cites.closing, 'The peer closes, by ending its stream: there is no other way.'),
  row('OPEN', 'sendEnd', 'CLOSED', cites.closing, 'This end closes, by ending its stream: there is no other way.'),
]

/** hixie-76: the same two bytes both ways. What comes after an end has sent its own is discarded. */
const emptyClosing = ({ cites }: Dialect, role: Role): StateTable => [
  ...messageRows(cites.open),
  ...beginToClose(cites.open),
  ...endsWithoutClose(cites.open),
  ...closingEnds(cites.closing, role),
  row('CLOSE_SENT', 'receiveClose', 'CLOSE_DONE', cites.close, 'FF 00 has passed both ways.'),
  row('CLOSE_RECEIVED', 'sendClose', 'CLOSE_DONE', cites.close, 'The close is answered with the same two bytes.'),
]

const codeClosing = ({ cites }: Dialect, role: Role): StateTable => [
  ...openRows(cites.open),
  ...closingRows(cites.closing, role),
  row('CLOSE_SENT', 'receiveClose', 'CLOSE_DONE', cites.close, 'Close frames have passed both ways.'),
  row('CLOSE_RECEIVED', 'sendClose', 'CLOSE_DONE', cites.close, 'The close frame is answered, usually with its code.'),
]

const echoClosing = ({ cites }: Dialect, role: Role): StateTable => [
  ...openRows(cites.open),
  ...closingRows(cites.closing, role),
  row(
    'CLOSE_SENT',
    'receiveCloseReply',
    'CLOSE_DONE',
    cites.closing,
    'The same body came back: the close is acknowledged.',
  ),
  row(
    'CLOSE_SENT',
    'receiveClose',
    'CLOSE_CROSSED',
    cites.closing,
    'Another body is no answer: the peer began to close on its own, and is owed one.',
  ),
  row(
    'CLOSE_RECEIVED',
    'sendCloseReply',
    'CLOSE_DONE',
    cites.closing,
    'The close is acknowledged by sending its body back.',
  ),
  row(
    'CLOSE_RECEIVED',
    'sendClose',
    'CLOSE_CROSSED',
    cites.closing,
    'A close with another body is no answer: now both sides wait for one.',
  ),
  row('CLOSE_CROSSED', 'sendCloseReply', 'CLOSE_SENT', cites.closing, 'The peer’s close is answered; ours is not yet.'),
  row(
    'CLOSE_CROSSED',
    'receiveCloseReply',
    'CLOSE_RECEIVED',
    cites.closing,
    'Ours is answered; the peer’s is not yet.',
  ),
  ...ends('CLOSE_CROSSED', cites.closing, 'before the closing handshake was finished'),
]

const closings: Readonly<Record<CloseBody, (dialect: Dialect, role: Role) => StateTable>> = {
  none: bareClosing,
  emptyFrame: emptyClosing,
  codeAndReason: codeClosing,
  opaqueEchoed: echoClosing,
  initiatorLetter: echoClosing,
}

const tables = new WeakMap<Dialect, Readonly<Record<Role, StateTable>>>()

/** The whole machine of one end of one dialect. The same array every time. */
export function tableFor(dialect: Dialect, role: Role): StateTable {
  let both = tables.get(dialect)
  if (!both) {
    both = { client: tableOf(dialect, 'client'), server: tableOf(dialect, 'server') }
    tables.set(dialect, both)
  }
  return both[role]
}

function tableOf(dialect: Dialect, role: Role): StateTable {
  const opening = openings[dialect.handshake.challenge](dialect)
  return [...opening[role], ...closings[dialect.closeBody](dialect, role)]
}

/** The row for a trigger in a state, or undefined: then nothing moves. */
export function nextRow(table: StateTable, from: StateName, trigger: Trigger): TableRow | undefined {
  return table.find((candidate) => candidate.from === from && candidate.trigger === trigger)
}

/** The state a trigger leads to, or undefined where the table has no such row. */
export function nextState(table: StateTable, from: StateName, trigger: Trigger): StateName | undefined {
  return nextRow(table, from, trigger)?.to
}

/** Where an end begins. */
export function firstState(role: Role): StateName {
  return role === 'client' ? 'IDLE' : 'AWAITING_REQUEST'
}

/** Nothing moves from here any more. */
export function isFinal(state: StateName): boolean {
  return state === 'CLOSED' || state === 'FAILED'
}
