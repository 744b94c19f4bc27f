// What passes a tap, told as it passes. Holds no more of a connection than the message that is being sent.
import { type Lane, laneTo, type Role, receiverOf, roles, senderOf } from '../../shared/bytes/lanes.ts'
import { none } from '../../shared/bytes/room.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address, StreamEnd, Topology } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { newestDialect } from '../../shared/dialects/registry.ts'
import { createDetector, type Detection, detectionSentence } from '../../shared/endpoint/detect.ts'
import { createLaneScanner, type UnitSink } from '../../shared/endpoint/laneScanner.ts'
import {
  createObserver,
  type Nonces,
  type Observation,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../../shared/endpoint/observer.ts'
import { closesBare, type ReceivedItem } from '../../shared/endpoint/receiver.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { opcodeName } from '../../shared/framing/opcodes.ts'
import type { UnitKind } from '../../shared/framing/unit.ts'
import type { GateListener } from '../net/gate.ts'
import type { TlsFacts } from '../net/tls/facts.ts'
import { detectionJson, eventJson, eventText } from './events.ts'
import { tlsJson, tlsText } from './tls.ts'

/** One thing that happened on one connection. Spans are offsets in what was delivered on the lane. */
export type TapEvent =
  | { readonly kind: 'connection'; readonly client: Address }
  | { readonly kind: 'connected'; readonly topology: Topology }
  | { readonly kind: 'refused'; readonly says: string }
  /** The tap changed what the client asks. */
  | { readonly kind: 'note'; readonly says: string }
  /** A side speaks TLS; what is told of its bytes is what they say in plain. */
  | { readonly kind: 'tls'; readonly facts: TlsFacts }
  /** The request told it. */
  | { readonly kind: 'dialect'; readonly detection: Detection }
  | {
      readonly kind: 'unit'
      readonly lane: Lane
      readonly unit: UnitKind
      readonly start: number
      readonly end: number
      /** Null for anything but a frame, and for an opcode the dialect reserves. */
      readonly opcode: string | null
      readonly fin: boolean
    }
  /** What the receiver of the lane makes of what it got. */
  | { readonly kind: 'received'; readonly lane: Lane; readonly event: EndpointEvent }
  | { readonly kind: 'end'; readonly lane: Lane; readonly how: StreamEnd }
  /** Both sides are closed; the last event. */
  | { readonly kind: 'close'; readonly clean: boolean }

type Tell = (event: TapEvent) => void

export interface Watched {
  readonly listener: GateListener
  /** To be called when both sides are closed. */
  closed(): void
}

/** Watches the gate of one connection. Without a dialect its request tells which one it is. */
export function watchTapped(dialect: Dialect | null, nonces: Nonces, tell: Tell): Watched {
  return dialect ? watchKnown(dialect, nonces, tell) : watchUntold(nonces, tell)
}

/** Keeps what happens until the request is whole: its head at most, as nothing else comes before that in good order. */
function watchUntold(nonces: Nonces, tell: Tell): Watched {
  const detector = createDetector()
  const waiting: ((watched: Watched) => void)[] = []
  let known: Watched | null = null
  const pass = (event: (watched: Watched) => void) => {
    if (known) event(known)
    else waiting.push(event)
  }
  const settle = (dialect: Dialect, detection: Detection | null) => {
    if (detection) tell({ kind: 'dialect', detection })
    const watched = watchKnown(dialect, nonces, tell, detection?.policy)
    known = watched
    for (const event of waiting.splice(0)) event(watched)
  }
  const judge = (lane: Lane, bytes: Uint8Array) => {
    // A server that speaks before the request is whole speaks no dialect: it is judged by the newest.
    if (lane === 'serverToClient') return settle(newestDialect, null)
    const found = detector.feed(bytes)
    if (found) settle(found.dialect, found)
  }
  return {
    listener: {
      arrived: (lane, bytes) => {
        const untold = known === null
        pass(({ listener }) => listener.arrived(lane, bytes))
        if (untold) judge(lane, bytes)
      },
      arrivedEnd: (lane, how) => pass(({ listener }) => listener.arrivedEnd(lane, how)),
      released: (lane, bytes) => pass(({ listener }) => listener.released(lane, bytes)),
      releasedEnd: (lane, how) => pass(({ listener }) => listener.releasedEnd(lane, how)),
      edited: (...told) => pass(({ listener }) => listener.edited(...told)),
    },
    closed: () => {
      if (known === null) settle(newestDialect, null)
      pass((watched) => watched.closed())
    },
  }
}

function watchKnown(dialect: Dialect, nonces: Nonces, tell: Tell, policy?: true): Watched {
  const observe = (role: Role) =>
    createObserver(dialect, role, {
      ...{ nonces, onItem: (item) => tellItem(item, laneTo(role), tell) },
      ...(policy && { policy }),
    })
  const observers = { client: observe('client'), server: observe('server') }
  const scan = {
    clientToServer: unitTeller(dialect, 'clientToServer', tell),
    serverToClient: unitTeller(dialect, 'serverToClient', tell),
  }
  const cleanly = new Set<Role>()
  const note = ({ transitions }: Observation) => {
    // A connection is closed cleanly when both close frames had passed before it was, or where it takes none.
    for (const { role, from, to } of transitions) {
      const isClean = from === 'CLOSE_DONE' || (from === 'OPEN' && closesBare(observers[role].receiver))
      if (isClean && to === 'CLOSED') cleanly.add(role)
    }
  }
  return {
    listener: {
      arrived: (lane, bytes) => note(observeSent(observers[senderOf(lane)], bytes)),
      arrivedEnd: (lane) => note(observeSentEnd(observers[senderOf(lane)])),
      released: (lane, bytes) => {
        scan[lane](bytes)
        note(observeReceived(observers[receiverOf(lane)], bytes))
      },
      releasedEnd: (lane, how) => {
        note(observeReceivedEnd(observers[receiverOf(lane)]))
        tell({ kind: 'end', lane, how })
      },
      edited: () => {}, // what became of it is seen when it is released
    },
    closed: () => tell({ kind: 'close', clean: cleanly.size === roles.length }),
  }
}

function unitTeller(dialect: Dialect, lane: Lane, tell: Tell): (bytes: Uint8Array) => void {
  const scanner = createLaneScanner(dialect, lane)
  const sink: UnitSink = (unit, start, end, opcode, fin) =>
    tell({ kind: 'unit', lane, unit, start, end, opcode: nameOf(dialect, opcode), fin })
  return (bytes) => scanner.push(bytes, sink)
}

function nameOf(dialect: Dialect, opcode: number): string | null {
  return opcode < 0 ? null : (opcodeName(dialect, opcode) ?? null)
}

function tellItem(item: ReceivedItem, lane: Lane, tell: Tell): void {
  for (const event of eventsOf(item))
    tell({ kind: 'received', lane: event.kind === 'fault' ? event.fault.lane : lane, event })
}

/** Requests, answers, challenges, Hellos and control frames are told of as units. */
function eventsOf(item: ReceivedItem): readonly EndpointEvent[] {
  switch (item.kind) {
    case 'message':
      return [{ kind: 'message', type: item.type, bytes: item.payload ?? none }]
    case 'faults':
      return item.faults.map((fault) => ({ kind: 'fault', fault }))
    case 'request':
    case 'response':
    case 'hello':
    case 'challenge':
    case 'ping':
    case 'pong':
    case 'close':
      return []
    default:
      return unreachable(item)
  }
}

/** `{"event":"message","connection":1,"lane":"clientToServer","type":"text","data":"hello"}` */
export function tapEventJson(connection: number, event: TapEvent): object {
  if (event.kind === 'received') {
    const { event: name, ...rest } = eventJson(event.event)
    return { event: name, connection, lane: event.lane, ...rest }
  }
  if (event.kind === 'dialect') {
    const { event: name, ...rest } = detectionJson(event.detection)
    return { event: name, connection, ...rest }
  }
  if (event.kind === 'tls') return { connection, ...tlsJson(event.facts) }
  const { kind, ...rest } = event
  return { event: kind, connection, ...rest }
}

/** `1  client: text  hello` */
export function tapEventText(connection: number, event: TapEvent): string {
  return `${connection}  ${textOf(event)}`
}

function textOf(event: TapEvent): string {
  switch (event.kind) {
    case 'connection':
      return `accepted from ${formatAddress(event.client)}`
    case 'connected':
      return `connected to ${formatAddress(event.topology.server)}`
    case 'refused':
      return `refused  ${event.says}`
    case 'note':
      return `note  ${event.says}`
    case 'tls':
      return tlsText(event.facts)
    case 'dialect':
      return `dialect  ${detectionSentence(event.detection)}`
    case 'unit':
      return `${senderOf(event.lane)}: ${[event.unit, event.opcode].filter(Boolean).join(' ')}  bytes ${event.start} to ${event.end}`
    case 'received':
      return `${senderOf(event.lane)}: ${eventText(event.event)}`
    case 'end':
      return `${senderOf(event.lane)}: ${event.how === 'fin' ? 'end of its stream' : 'reset'}`
    case 'close':
      return `closed ${event.clean ? 'cleanly' : 'without a closing handshake'}`
    default:
      return unreachable(event)
  }
}
