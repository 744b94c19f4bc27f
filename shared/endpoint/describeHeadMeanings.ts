// What the header fields of the opening handshake are for.
import type { FieldRole } from '../bytes/field.ts'
import type { Dialect, Topic } from '../dialects/dialect.ts'

export interface FieldMeaning {
  readonly says: string
  readonly cite: string
  readonly role: FieldRole
}

type Row = readonly [says: string, topic: Topic, role?: FieldRole]

const common: Readonly<Record<string, Row>> = {
  host: ['the host and port the client believes it talks to', 'request'],
  upgrade: ['the protocol to change to', 'request'],
  connection: ['tells every HTTP hop that Upgrade is meant', 'request'],
  cookie: ['sent as with any HTTP request', 'request'],
}

const acceptFields: Readonly<Record<string, Row>> = {
  'sec-websocket-key': ['16 random bytes in base64: the server must hash this text to answer', 'challenge', 'nonce'],
  'sec-websocket-extensions': ['extensions: offered by the client, some accepted by the server', 'request'],
  'sec-websocket-accept': ['the proof that the server read the key', 'challenge', 'digest'],
}

const byChallenge: Readonly<Record<Dialect['handshake']['challenge'], Readonly<Record<string, Row>>>> = {
  none: {},
  keyNumbers: {
    'sec-websocket-key1': ['hides a number: its digits in order, divided by its spaces', 'challenge', 'nonce'],
    'sec-websocket-key2': ['hides a second number, so that one lucky guess is not enough', 'challenge', 'nonce'],
  },
  hello: {
    'sec-websocket-nonce': ['64 random bits in hex: the server must hash them to answer', 'challenge', 'nonce'],
  },
  acceptHash: {
    ...acceptFields,
    // The overview of hybi-05 still shows it.
    'sec-websocket-nonce': ['a field of hybi-04, whose masks are made with it: here nothing is', 'response'],
  },
  acceptHashAndNonce: {
    ...acceptFields,
    'sec-websocket-nonce': [
      '16 random bytes in base64: with the key they make the masks of the client',
      'challenge',
      'nonce',
    ],
  },
}

/** Undefined for a field that has no part in the handshake. `name` in lower case. */
export function fieldMeaning(dialect: Dialect, name: string): FieldMeaning | undefined {
  const row = rowFor(dialect, name)
  if (!row) return undefined
  const [says, topic, role = 'value'] = row
  return { says, cite: dialect.cites[topic], role }
}

function rowFor({ handshake }: Dialect, name: string): Row | undefined {
  const { version, originField, locationField, subprotocolField, challenge } = handshake
  if (version && name === version.field.toLowerCase())
    return [`the dialect: ${version.value} means this one`, 'request']
  if (originField.request.some((own) => own.toLowerCase() === name)) {
    return ['the site whose script opened the connection', 'request']
  }
  if (name === originField.response?.toLowerCase()) return ['the origin the server accepted', 'response']
  if (name === locationField?.toLowerCase()) {
    return ['the URL the server believes it serves; must be the one asked for', 'response']
  }
  if (name === subprotocolField.toLowerCase()) {
    return ['subprotocols: offered by the client, one chosen by the server', 'subprotocol']
  }
  return lookUp(byChallenge[challenge], name) ?? lookUp(common, name)
}

/** Names come off the wire, so one may be `constructor`. */
function lookUp(rows: Readonly<Record<string, Row>>, name: string): Row | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined
}
