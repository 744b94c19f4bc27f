// What stands between a client and a server, as far as it knows: bytes in, bytes out, no socket and no clock. Each of them
// does what real ones did, and says what it makes of what it sees.
import { concat } from '../bytes/concat.ts'
import { type Lane, laneTo, type Role } from '../bytes/lanes.ts'

export const intermediaryKinds = ['relay', 'reverse-proxy', 'transparent-proxy', 'cache', 'buffer', 'link'] as const
export type IntermediaryKind = (typeof intermediaryKinds)[number]

export interface IntermediaryInfo {
  readonly kind: IntermediaryKind
  /** `Reverse proxy` */
  readonly name: string
  /** What it does, and what it does not know, in a sentence or two. */
  readonly says: string
}

export const intermediaries: Readonly<Record<IntermediaryKind, IntermediaryInfo>> = {
  relay: {
    kind: 'relay',
    name: 'Relay',
    says: 'Passes every byte on as it is, both ways, and looks at none.',
  },
  'reverse-proxy': {
    kind: 'reverse-proxy',
    name: 'Reverse proxy',
    says: 'Speaks HTTP/1.1 and forwards Upgrade. It knows the bodies that HTTP knows and no others: what follows a request without one is the next request, and waits for its turn.',
  },
  'transparent-proxy': {
    kind: 'transparent-proxy',
    name: 'Transparent proxy',
    says: 'Nobody asked for it, and it does not know Upgrade. After the 101 it goes on reading requests and responses, and ends the connection at the first byte that can be neither.',
  },
  cache: {
    kind: 'cache',
    name: 'Cache',
    says: 'Passes every byte on, and keeps what it takes for the answer to a GET. It does not know that the connection changed hands at the 101, and skips what it cannot read.',
  },
  buffer: {
    kind: 'buffer',
    name: 'Buffering proxy',
    says: 'Passes heads on at once, and gathers what follows a response until 4096 bytes are there or the response is over.',
  },
  link: {
    kind: 'link',
    name: 'Slow link',
    says: 'Bytes take their time, come in pieces of other sizes, and now and then a piece has to be sent again; their order stays.',
  },
}

/** Where a node's output goes. */
export interface NodeOutput {
  /** On the lane, towards its receiver. */
  pass(lane: Lane, bytes: Uint8Array): void
  /** Ends the lane towards its receiver. */
  end(lane: Lane): void
  /** What the node makes of what it sees, as one sentence. */
  say(sentence: string): void
}

/** A node in the middle. Bytes of a lane come in the order they were sent, cut anyhow. */
export interface Intermediary {
  take(lane: Lane, bytes: Uint8Array): void
  takeEnd(lane: Lane): void
}

/** Bytes of a head before a node gives up on it. */
export const headLimit = 16_384

/** Answers one side by itself, and is done with both. */
export function answerAndEnd({ pass, end }: NodeOutput, to: Role, answer: Uint8Array): void {
  pass(laneTo(to), answer)
  end('serverToClient')
  end('clientToServer')
}

/** What came and is not dealt with yet. */
export interface Waiting {
  bytes: Uint8Array
}

export function gather(waiting: Waiting, bytes: Uint8Array): void {
  waiting.bytes = waiting.bytes.length === 0 ? bytes.slice() : concat(waiting.bytes, bytes)
}

/** The first `count` waiting bytes, which wait no more. */
export function takeFirst(waiting: Waiting, count: number): Uint8Array {
  const taken = waiting.bytes.subarray(0, count)
  waiting.bytes = waiting.bytes.subarray(count)
  return taken
}

/** Passes everything on. */
export function createRelay({ pass, end }: NodeOutput): Intermediary {
  return { take: pass, takeEnd: end }
}
