// Rules of the HTTP heads of the opening handshake. Part of the catalogue.
import type { FaultInfo } from './catalogue.ts'
import { drafts, someDrafts } from './drafts.ts'

const handshakeFails = 'The opening handshake fails: the connection ends and is never reported open.'
const serverRefuses = 'The server refuses the request and ends the connection; no WebSocket is opened.'
const clientDrops = 'The client drops the connection and never reports it open.'
const tolerated = 'None: the server reports it and goes on.'

const helloServer = 'hello-00 §13'
const helloClient = 'hello-00 §12'

const keysAreNonce =
  'Its nonce is both keys together: they are drawn at random, and nothing says that they may not repeat.'

const refusedSomehow =
  'The draft has a server refuse with an HTTP error, or close: the status, and the list of versions, are those of RFC 6455.'

/** What servers check in the drafts before Upgrade+Hello, and what clients do. */
const olderServers = { 'hixie-75': 'hixie-75 §5.2', 'hixie-76': 'hixie-76 §5.1', 'hybi-03': 'hybi-03 §5.2.1' } as const
const olderClients = { 'hixie-75': 'hixie-75 §4.1', 'hixie-76': 'hixie-76 §4.1', 'hybi-03': 'hybi-03 §5.1' } as const

export const headFaults = {
  'head.too-long': {
    severity: 'violation',
    says: 'The head does not end within the limit.',
    consequence: handshakeFails,
    remedy: 'End the head with an empty line after fewer bytes, or raise the limit of the receiver: no text sets one.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §10.5' },
    httpStatus: 431,
  },
  'head.line': {
    severity: 'violation',
    says: 'A line of the head is not a field.',
    consequence: handshakeFails,
    remedy: 'Write each field as "name: value" on one line of its own.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 7230 §3.2' },
    httpStatus: 400,
  },
  'head.field-value': {
    severity: 'violation',
    says: 'A control character is in the value of a field.',
    consequence: handshakeFails,
    remedy: 'Write printable characters, spaces and tabs only.',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 7230 §3.2' },
    httpStatus: 400,
  },
  'head.line-end': {
    severity: 'violation',
    says: 'A CR or an LF stands alone in the head.',
    consequence: handshakeFails,
    remedy: 'End every line in CR LF, and use CR and LF for nothing else.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 7230 §3.5' },
    httpStatus: 400,
  },
  'head.start-line': {
    severity: 'violation',
    says: 'What comes first is not the first line of an HTTP request or response.',
    consequence: handshakeFails,
    remedy: 'Begin a request with "GET /resource HTTP/1.1" and a response with "HTTP/1.1 101 Switching Protocols".',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 7230 §3.1' },
    httpStatus: 400,
  },
  'head.method': {
    severity: 'violation',
    says: 'The method of the request is not GET.',
    consequence: serverRefuses,
    remedy: 'Ask with GET.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 405,
  },
  'head.http-version': {
    severity: 'violation',
    says: 'The HTTP version is below 1.1.',
    consequence: handshakeFails,
    remedy: 'Use HTTP/1.1: older versions have no Upgrade.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.resource': {
    severity: 'violation',
    says: 'The resource name is not a path from the root.',
    consequence: serverRefuses,
    remedy: 'Ask for a path that begins with "/", without a fragment and with nothing but printable ASCII in it.',
    cite: {
      'hixie-75': 'hixie-75 §3, §5.2',
      'hixie-76': 'hixie-76 §3, §5.1',
      'hybi-03': 'hybi-03 §3, §5.2.1',
      'hello-00': 'hello-00 §7',
      ...drafts('§3'),
      rfc6455: 'RFC 6455 §3',
    },
    httpStatus: 400,
  },
  'head.resource-character': {
    severity: 'violation',
    says: 'The path holds a colon, a space or a control character, plain or percent-encoded.',
    consequence: serverRefuses,
    remedy: 'Choose a path without ":", white space and control characters: encoding them is no way out here.',
    cite: { 'hello-00': 'hello-00 §5' },
  },
  'head.query-colon': {
    severity: 'warning',
    says: 'The query holds a colon, which a strict reading of the draft bans.',
    consequence: tolerated,
    remedy: 'Leave ":" out of the query to be safe: the draft does not say clearly whether its ban covers it.',
    cite: { 'hello-00': 'hello-00 §5, §7' },
  },
  'head.field-twice': {
    severity: 'violation',
    says: 'A field that may appear once appears again.',
    consequence: handshakeFails,
    remedy: 'Send the field once.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§11.3'), rfc6455: 'RFC 6455 §11.3' },
    httpStatus: 400,
  },
  'head.host-missing': {
    severity: 'violation',
    says: 'The request has no Host field.',
    consequence: serverRefuses,
    remedy: 'Add "Host:" with the host of the URL, and its port unless it is the default.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.host': {
    severity: 'violation',
    says: 'The Host field does not name a host.',
    consequence: serverRefuses,
    remedy: 'Write the host of the URL, and ":" and its port unless that is the default.',
    cite: { ...olderServers, 'hello-00': helloServer, ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.letter-case': {
    severity: 'warning',
    says: 'The host or the origin has upper-case letters.',
    consequence: tolerated,
    remedy: 'Write both in lower case: what repeats or compares them goes by the letter.',
    cite: { ...olderClients, 'hello-00': 'hybi-03 §5.1' },
  },
  'head.upgrade-missing': {
    severity: 'violation',
    says: 'The head has no Upgrade field.',
    consequence: handshakeFails,
    remedy: 'Add "Upgrade: websocket" ("WebSocket" in Upgrade+Hello and all drafts before it).',
    cite: { ...olderClients, 'hello-00': 'hello-00 §4', ...drafts('§5.1, §5.2.1'), rfc6455: 'RFC 6455 §4.1, §4.2.1' },
    httpStatus: 400,
  },
  'head.upgrade-value': {
    severity: 'violation',
    says: 'The Upgrade field does not name WebSocket.',
    consequence: handshakeFails,
    remedy:
      'Write "Upgrade: websocket", in a response with nothing else ("WebSocket", with these capitals, in one of Upgrade+Hello and all drafts before it).',
    cite: { ...olderClients, 'hello-00': 'hello-00 §4', ...drafts('§5.1, §5.2.1'), rfc6455: 'RFC 6455 §4.1, §4.2.1' },
    httpStatus: 400,
  },
  'head.connection-missing': {
    severity: 'violation',
    says: 'The head has no Connection field.',
    consequence: handshakeFails,
    remedy: 'Add "Connection: Upgrade".',
    cite: { ...olderClients, 'hello-00': 'hello-00 §4', ...drafts('§5.1, §5.2.1'), rfc6455: 'RFC 6455 §4.1, §4.2.1' },
    httpStatus: 400,
  },
  'head.connection-value': {
    severity: 'violation',
    says: 'The Connection field does not say Upgrade.',
    consequence: handshakeFails,
    remedy: 'Write "Connection: Upgrade".',
    cite: { ...olderClients, 'hello-00': 'hello-00 §4', ...drafts('§5.1, §5.2.1'), rfc6455: 'RFC 6455 §4.1, §4.2.1' },
    httpStatus: 400,
  },
  'head.origin-missing': {
    severity: 'violation',
    says: 'The request has no Origin field.',
    consequence: serverRefuses,
    remedy: 'Add "Origin:" with the origin of the page: the response has to repeat it.',
    cite: { ...olderServers, 'hello-00': helloServer },
  },
  'head.nonce-missing': {
    severity: 'violation',
    says: 'The request has no Sec-WebSocket-Nonce field.',
    consequence: serverRefuses,
    remedy: 'Add "Sec-WebSocket-Nonce:" with 64 random bits as 16 hex digits.',
    cite: { 'hello-00': helloServer },
  },
  'head.nonce': {
    severity: 'violation',
    says: 'The nonce is not 16 hex digits.',
    consequence: serverRefuses,
    remedy: 'Write the 8 octets of the nonce as 16 digits 0-9 and A-F, zero-padded.',
    cite: { 'hello-00': helloClient },
  },
  'head.nonce-lower-case': {
    severity: 'warning',
    says: 'The nonce has lower-case hex digits.',
    consequence: tolerated,
    remedy: 'Write A to F in upper case.',
    cite: { 'hello-00': helloClient },
  },
  'head.draft': {
    severity: 'warning',
    says: 'The request does not announce the draft.',
    consequence: tolerated,
    remedy:
      'Add "Sec-WebSocket-Draft: 3" in Upgrade+Hello, and 2 in hybi-03, whose texts say 2 while libraries sent 1 and 3 too; hybi-01 had no such field.',
    cite: { 'hybi-03': 'hybi-03 §5.1', 'hello-00': helloClient },
  },
  'head.key-missing': {
    severity: 'violation',
    says: 'The request has no Sec-WebSocket-Key field.',
    consequence: serverRefuses,
    remedy: 'Add "Sec-WebSocket-Key:" with 16 random bytes in base64.',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.key-base64': {
    severity: 'violation',
    says: 'The key is not base64.',
    consequence: serverRefuses,
    remedy: 'Send 16 random bytes in base64: 22 characters and "==".',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.key-length': {
    severity: 'violation',
    says: 'The key does not decode to 16 bytes.',
    consequence: serverRefuses,
    remedy: 'Send 16 random bytes in base64: 22 characters and "==".',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.version-missing': {
    severity: 'violation',
    says: 'The request has no Sec-WebSocket-Version field.',
    consequence: serverRefuses,
    remedy: 'Add "Sec-WebSocket-Version:" with the number of the dialect: 13 in RFC 6455.',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.1' },
    httpStatus: 400,
  },
  'head.version': {
    severity: 'violation',
    says: 'The server does not speak the version asked for.',
    consequence: 'The server refuses the request and lists the versions it speaks; the client may try one of them.',
    remedy: 'Ask for the version of the dialect, or for one that the refusal lists.',
    cite: { ...drafts('§5.2.1'), rfc6455: 'RFC 6455 §4.2.2, §4.4' },
    doubts: {
      ...{ 'hybi-04': refusedSomehow, 'hybi-05': refusedSomehow, 'hybi-06': refusedSomehow, 'hybi-07': refusedSomehow },
      'hybi-08':
        'Which status the drafts behind hybi-08 ask for is not confirmed: one server that followed them answered 426. That it lists its versions is a rule of hybi-11.',
    },
    httpStatus: 426,
  },
  'head.subprotocol-syntax': {
    severity: 'violation',
    says: 'The subprotocol field is not a list of names as the dialect has them.',
    consequence: handshakeFails,
    remedy:
      'Separate tokens by commas from hybi-04 on; in Upgrade+Hello separate names of A-Z a-z 0-9 / _ - by spaces, in hybi-03 names of visible ASCII; before that there is one name of printable ASCII. A response names one.',
    cite: { ...olderClients, 'hello-00': 'hello-00 §6', ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1, §11.3.4' },
    httpStatus: 400,
  },
  'head.subprotocol-repeated': {
    severity: 'violation',
    says: 'A subprotocol is offered twice.',
    consequence: serverRefuses,
    remedy: 'Offer each subprotocol once, the one liked best first.',
    cite: { ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
    httpStatus: 400,
  },
  'head.subprotocol-unsupported': {
    severity: 'violation',
    says: 'The server speaks none of the subprotocols asked for.',
    consequence: serverRefuses,
    remedy: 'Ask for a subprotocol that the server speaks, or for none.',
    cite: { ...olderServers, 'hello-00': helloServer },
  },
  'head.subprotocol-missing': {
    severity: 'violation',
    says: 'The client asked for a subprotocol and the response chooses none.',
    consequence: clientDrops,
    remedy: 'Choose one of the names that were offered.',
    cite: { ...olderClients, 'hello-00': helloClient },
  },
  'head.subprotocol-unrequested': {
    severity: 'violation',
    says: 'The response chooses a subprotocol that the client did not offer.',
    consequence: clientDrops,
    remedy: 'Choose one of the names that were offered, or leave the field out.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.extension-syntax': {
    severity: 'violation',
    says: 'The extensions field cannot be read.',
    consequence: handshakeFails,
    remedy: 'Write a comma-separated list of names, each followed by its parameters as "; name" or "; name=value".',
    cite: { ...drafts('§9.1'), rfc6455: 'RFC 6455 §9.1' },
    httpStatus: 400,
  },
  'head.extension-unrequested': {
    severity: 'violation',
    says: 'The response uses an extension that the client did not offer.',
    consequence: clientDrops,
    remedy: 'Leave the extension out.',
    cite: { ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.status': {
    severity: 'violation',
    says: 'The server did not switch protocols: the status is not 101.',
    consequence: clientDrops,
    remedy: 'Answer a good request with status 101. Any other status is an ordinary HTTP answer.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.versions-unlisted': {
    severity: 'warning',
    says: 'The server refuses the version and does not list those it speaks.',
    consequence: 'None but the refusal: the client cannot tell which version to ask for next.',
    remedy: 'Add "Sec-WebSocket-Version:" with every version the server speaks to an answer of status 426.',
    cite: { rfc6455: 'RFC 6455 §4.2.2, §4.4' },
  },
  'head.accept-missing': {
    severity: 'violation',
    says: 'The response has no Sec-WebSocket-Accept field.',
    consequence: clientDrops,
    remedy: 'Add "Sec-WebSocket-Accept:" with the hash of the client\'s key.',
    cite: { ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.accept': {
    severity: 'violation',
    says: "The accept value is not the hash of the client's key.",
    consequence: clientDrops,
    remedy: 'Answer base64(SHA-1(key + GUID)), with the key as the text it was sent as.',
    cite: { ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.server-nonce-missing': {
    severity: 'violation',
    says: 'The response has no Sec-WebSocket-Nonce field.',
    consequence: clientDrops,
    remedy: 'Add "Sec-WebSocket-Nonce:" with 16 random bytes in base64: the client masks with a hash of it.',
    cite: someDrafts('§5.2.2', 'hybi-04'),
    doubts: { 'hybi-04': 'That a client has to fail without it is not confirmed; it cannot mask, so it does.' },
  },
  'head.server-nonce': {
    severity: 'violation',
    says: "The server's nonce is not 16 bytes in base64.",
    consequence: clientDrops,
    remedy: 'Send 16 random bytes in base64: 22 characters and "==".',
    cite: someDrafts('§5.2.2', 'hybi-04'),
  },
  'head.origin-echo-missing': {
    severity: 'violation',
    says: 'The response does not repeat the origin.',
    consequence: clientDrops,
    remedy: 'Add "Sec-WebSocket-Origin:" ("WebSocket-Origin:" in hixie-75) with the origin of the request.',
    cite: { ...olderClients, 'hello-00': helloClient },
  },
  'head.origin-echo': {
    severity: 'violation',
    says: 'The response repeats another origin than the client sent.',
    consequence: clientDrops,
    remedy: 'Repeat the origin of the request character by character.',
    cite: { ...olderClients, 'hello-00': helloClient },
  },
  'head.location-missing': {
    severity: 'violation',
    says: 'The response does not say which URL it is for.',
    consequence: clientDrops,
    remedy: 'Add "Sec-WebSocket-Location:" ("WebSocket-Location:" in hixie-75) with the URL that was asked for.',
    cite: { ...olderClients, 'hello-00': helloClient },
  },
  'head.location': {
    severity: 'violation',
    says: 'The response names another URL than the client asked for.',
    consequence: clientDrops,
    remedy: 'Build the URL from the Host field and the resource name of the request.',
    cite: { ...olderClients, 'hello-00': helloClient },
  },
  'head.unasked': {
    severity: 'violation',
    says: 'The server sent bytes before the client had asked for anything.',
    consequence: clientDrops,
    remedy: 'Wait for the whole request before answering.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
  },
  'head.nonce-repeated': {
    severity: 'warning',
    says: 'The request has the nonce of another connection.',
    consequence: 'None: a server does not compare requests. Said by who sees several connections of a session.',
    remedy:
      'Draw a new nonce for every connection, also where a request is tried again. A proxy that passes a request on repeats it with reason.',
    cite: {
      'hixie-76': 'hixie-76 §4.1',
      'hybi-03': 'hybi-03 §5.1',
      'hello-00': helloClient,
      ...drafts('§5.1'),
      rfc6455: 'RFC 6455 §4.1',
    },
    doubts: { 'hixie-76': keysAreNonce, 'hybi-03': keysAreNonce },
  },
  'head.data-before-answer': {
    severity: 'warning',
    says: 'The client sends more before its request was answered.',
    consequence:
      'None: the server answers and reads it then. A box in between that does not know WebSocket may take it for another request.',
    remedy: 'Send the request, with the 8 bytes behind it where the dialect has them, and wait for the whole answer.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§5.1'), rfc6455: 'RFC 6455 §4.1' },
    doubts: {
      'hello-00': 'Such bytes cannot be a right Hello either: its digest takes the nonce of the server.',
    },
  },
  'head.cut-off': {
    severity: 'violation',
    says: 'The stream ended before the head was whole.',
    consequence: handshakeFails,
    remedy: 'Send the head up to its empty line before ending the stream.',
    cite: { ...olderClients, 'hello-00': helloClient, ...drafts('§7.1'), rfc6455: 'RFC 6455 §7.1.7' },
  },
} as const satisfies Record<string, FaultInfo>
