// Two endpoints and the bytes between them, without sockets: what each sends is held until a test lets it through.
import { concat } from '../../../shared/bytes/concat.ts'
import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { decodeUtf8, encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { act, createEndpoint, type EndpointState, receive, receiveEnd } from '../../../shared/endpoint/endpoint.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import { isFinal } from '../../../shared/endpoint/tables.ts'
import type {
  Action,
  EndpointConfig,
  EndpointEnv,
  EndpointEvent,
  Message,
  Step,
  Transition,
} from '../../../shared/endpoint/types.ts'
import type { Fault } from '../../../shared/faults/fault.ts'

/** The event of a text message. */
export function textMessage(text: string) {
  return { kind: 'message', type: 'text', bytes: encodeUtf8(text) } as const
}

/** The text of such an event, compared by itself: what a test prints of two texts of a megabyte helps nobody. */
export function textOf(event: object | undefined): string {
  return decodeUtf8((event as Message).bytes)
}

export const eachDialect = dialects.map((dialect) => ({ name: dialect.name, dialect }))

export const baseConfig: EndpointConfig = {
  url: 'ws://example.com/demo',
  origin: 'http://example.com',
  limits: defaultLimits,
}

export function envOf(dialect: Dialect, role: Role, config: Partial<EndpointConfig> = {}, seed = 1): EndpointEnv {
  const random = seededRandom(seed + (role === 'client' ? 0 : 1000))
  return { dialect, role, config: { ...baseConfig, ...config }, random }
}

/** One end, everything it ever did, and what of its output is not taken yet. */
export interface Peer {
  readonly env: EndpointEnv
  state: EndpointState
  /** All it ever sent. */
  sent: Uint8Array
  /** How much of that was let through to the other end. */
  taken: number
  ended: boolean
  endTaken: boolean
  readonly events: EndpointEvent[]
  readonly faults: Fault[]
  readonly transitions: Transition[]
}

export function peerOf(env: EndpointEnv): Peer {
  const state = createEndpoint(env)
  return {
    env,
    state,
    sent: new Uint8Array(0),
    taken: 0,
    ended: false,
    endTaken: false,
    events: [],
    faults: [],
    transitions: [],
  }
}

/** What a peer just did, told to whoever watches. */
export type Watcher = (what: { sent?: Uint8Array; sentEnd?: boolean }) => void

export function apply(peer: Peer, step: Step<EndpointState>, watch?: Watcher): void {
  peer.state = step.state
  for (const bytes of step.send) {
    peer.sent = concat(peer.sent, bytes)
    watch?.({ sent: bytes })
  }
  if (step.end) {
    if (peer.ended) throw new Error('ended twice')
    peer.ended = true
    watch?.({ sentEnd: true })
  }
  peer.events.push(...step.events)
  peer.faults.push(...step.faults)
  peer.transitions.push(...step.transitions)
}

/** Does the action, or throws its reason. */
export function doAct(peer: Peer, action: Action, watch?: Watcher): void {
  const result = act(peer.state, action, peer.env)
  if (!result.ok) throw new Error(result.reason)
  apply(peer, result.step, watch)
}

/** The sentence an action is refused with, or null. */
export function refusalOf(peer: Peer, action: Action): string | null {
  const result = act(peer.state, action, peer.env)
  return result.ok ? null : result.reason
}

export function give(peer: Peer, bytes: Uint8Array, watch?: Watcher): void {
  apply(peer, receive(peer.state, bytes, peer.env), watch)
}

export function giveEnd(peer: Peer, watch?: Watcher): void {
  apply(peer, receiveEnd(peer.state, peer.env), watch)
}

export interface Pair {
  readonly client: Peer
  readonly server: Peer
}

export function pairOf(
  dialect: Dialect,
  client: Partial<EndpointConfig> = {},
  server: Partial<EndpointConfig> = client,
): Pair {
  return { client: peerOf(envOf(dialect, 'client', client)), server: peerOf(envOf(dialect, 'server', server)) }
}

/** Lets through at most `count` bytes of what `from` sent, then its end if nothing is left. False when idle. */
export function pass(from: Peer, to: Peer, count = Number.POSITIVE_INFINITY): boolean {
  const bytes = from.sent.slice(from.taken, from.taken + count)
  if (bytes.length > 0) {
    from.taken += bytes.length
    give(to, bytes)
    return true
  }
  if (!from.ended || from.endTaken) return false
  from.endTaken = true
  giveEnd(to)
  return true
}

/** Lets everything through, both ways, until both are silent. */
export function settle({ client, server }: Pair, count?: number): void {
  let busy = true
  while (busy) {
    const up = pass(client, server, count)
    const down = pass(server, client, count)
    busy = up || down
  }
}

export function openPair(
  dialect: Dialect,
  client: Partial<EndpointConfig> = {},
  server: Partial<EndpointConfig> = client,
): Pair {
  const pair = pairOf(dialect, client, server)
  doAct(pair.client, { kind: 'open' })
  settle(pair)
  return pair
}

export function kinds(peer: Peer): string[] {
  return peer.events.map(({ kind }) => kind)
}

/** What a peer sent since bytes were last taken: taken away, so that a test can give it when and how it wants. */
export function takeSent(peer: Peer): Uint8Array {
  const bytes = peer.sent.slice(peer.taken)
  peer.sent = peer.sent.slice(0, peer.taken)
  return bytes
}

export function other(pair: Pair, role: Role): Peer {
  return role === 'client' ? pair.server : pair.client
}

/** A client that has asked, or a server. */
export function begun(dialect: Dialect, role: Role): Peer {
  const pair = pairOf(dialect)
  if (role === 'client') doAct(pair.client, { kind: 'open' })
  return pair[role]
}

/** An open connection on which each has said something. */
export function spoken(dialect: Dialect): Pair {
  const pair = openPair(dialect)
  for (const role of roles) doAct(pair[role], { kind: 'sendText', text: 'hello' })
  settle(pair)
  return pair
}

/** The same, and then one of them closed it. */
export function closedBy(dialect: Dialect, role: Role): Pair {
  const pair = spoken(dialect)
  doAct(pair[role], { kind: 'close' })
  settle(pair)
  return pair
}

/** A close that carries something, where the dialect has room for it. */
export function closeOf({ closeBody }: Dialect): Action {
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
      return { kind: 'close' }
    case 'opaqueEchoed':
    case 'initiatorLetter':
      return { kind: 'close', body: Uint8Array.of(1, 2) }
    case 'codeAndReason':
      return { kind: 'close', code: 1000, reason: 'bye' }
  }
}

/** Whether an end has come to its end, and told its application so once, last; and whether it said that it was clean. */
export function overOf({ state, ended, events }: Peer): { readonly over: boolean; readonly clean: boolean } {
  const last = events.at(-1)
  const told = events.filter(({ kind }) => kind === 'close').length === 1 && last?.kind === 'close'
  return { over: isFinal(state.name) && ended && told, clean: last?.kind === 'close' && last.clean }
}

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
