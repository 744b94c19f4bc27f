// Whole lanes to begin from: the reference vectors behind a handshake, and what two ends of ours say to each other.
import { concat } from '../../shared/bytes/concat.ts'
import { type Lane, laneFrom, type Role } from '../../shared/bytes/lanes.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { act } from '../../shared/endpoint/endpoint.ts'
import { scanUnits } from '../../shared/endpoint/laneScanner.ts'
import type { Action, EndpointConfig } from '../../shared/endpoint/types.ts'
import { doAct, openPair, type Pair, pass, settle } from '../shared/endpoint/peers.ts'
import { casesOf, isHead } from '../shared/vectors.ts'

/** Streams that begin at the beginning of their lanes, and how the ends were set up that take them. */
export interface Conversation {
  readonly config: Partial<EndpointConfig>
  readonly lanes: Readonly<Record<Lane, readonly Uint8Array[]>>
  /** The units that open the connection, of each lane. */
  readonly opening: Readonly<Record<Lane, Uint8Array>>
}

export const limits = { head: 2048, message: 4096 }

const said: readonly Action[] = [
  { kind: 'sendText', text: 'grüß dich 🎈' },
  { kind: 'sendText', text: 'in pieces', fragments: 3 },
  { kind: 'sendText', text: '' },
  { kind: 'sendBinary', bytes: new Uint8Array(130).fill(7) },
  { kind: 'ping', bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'pong', bytes: new Uint8Array(0) },
  { kind: 'sendText', text: 'again and again and again '.repeat(8), fragments: 2 },
]

/** What a dialect lacks is left out. */
function say(pair: Pair, role: Role): void {
  for (const action of said) {
    const peer = pair[role]
    if (act(peer.state, action, peer.env).ok) doAct(peer, action)
    settle(pair, 700)
  }
}

export function conversationsOf(dialect: Dialect): Conversation[] {
  const subprotocols = dialect.handshake.subprotocols === 'oneString' ? ['chat'] : ['chat', 'news']
  const plain: Partial<EndpointConfig> = { limits, subprotocols }
  const configs = dialect.compression === 'deflate' ? [plain, { ...plain, compress: {} }] : [plain]
  return configs.map((config) => conversation(dialect, config))
}

function conversation(dialect: Dialect, config: Partial<EndpointConfig>): Conversation {
  const pair = openPair(dialect, config)
  const opening = { clientToServer: pair.client.sent, serverToClient: pair.server.sent }
  say(pair, 'client')
  say(pair, 'server')
  doAct(pair.client, { kind: 'close' })
  pass(pair.client, pair.server)
  settle(pair)
  const vectors = (lane: Lane) =>
    casesOf('handshake', 'frame', 'close', 'invalid')
      .filter((one) => one.dialect === dialect && one.lane === lane && one.bytes.length < 2000)
      .map((one) => (isHead(one) ? one.bytes : concat(opening[lane], one.bytes)))
  const lanesOf = (role: Role) => [pair[role].sent, pair[role].sent, ...vectors(laneFrom(role))]
  return { config, opening, lanes: { clientToServer: lanesOf('client'), serverToClient: lanesOf('server') } }
}

/** Where the frames of a stream begin. */
export function frameStarts(dialect: Dialect, lane: Lane, bytes: Uint8Array): number[] {
  return scanUnits(dialect, lane, bytes, { open: true })
    .filter(({ kind }) => kind === 'frame')
    .map(({ start }) => start)
}
