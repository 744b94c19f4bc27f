// What the window is told of live traffic: where a tap listens, its connections, and how their lanes are let through.
import type { Lane } from '../bytes/lanes.ts'
import type { Address, Time } from '../capture/record.ts'
import type { DialectId } from '../dialects/dialect.ts'
import type { Severity } from '../faults/catalogue.ts'

/** `held`: what arrives waits until it is let through. `running`: what arrives goes on. */
export type LaneMode = 'held' | 'running'

/** `asArrived`: as they are due. `byte`: one by one. `merge`: what gathers in a moment at once. `random`: in pieces. */
export const segmentations = ['asArrived', 'byte', 'merge', 'random'] as const
export type Segmentation = (typeof segmentations)[number]

/** How a running lane lets bytes through. */
export interface Shaping {
  /** Milliseconds every byte waits at the gate. */
  readonly delay: number
  /** Bytes a second at most; null: as fast as they come. */
  readonly rate: number | null
  readonly segments: Segmentation
}

export interface GateView extends Shaping {
  readonly mode: LaneMode
  /** It ran until a breakpoint held it. */
  readonly stopped: boolean
}

export interface TapView {
  /** Null once it stopped listening. */
  readonly listening: Address | null
  /** The URL of the server behind it, `tcp:` where it speaks no WebSocket; null: it is an HTTP proxy, and clients ask for theirs. */
  readonly upstream: string | null
  /** Whatever certificate a server shows is taken. */
  readonly insecure: boolean
  /** What the lanes of new connections do. */
  readonly modes: Readonly<Record<Lane, LaneMode>>
  /** What is not as one would expect of where it listens, in a sentence. */
  readonly warning?: string
}

/** One connection in the list of them, as of the end of the log. */
export interface ConnectionRow {
  readonly id: number
  /** `dialling`: the server is not reached yet. `refused`: it never was. `over`: both sides are closed. */
  readonly state: 'dialling' | 'refused' | 'open' | 'over'
  readonly client: Address
  /** Null while nobody knows it. */
  readonly server: Address | null
  /** Null while the request has not told it, and for what is no WebSocket. */
  readonly dialect: DialectId | null
  /** A socket policy exchange. */
  readonly policy?: true
  readonly time: Time
  /** Bytes that came from each sender, and those of them that are held. */
  readonly bytes: Readonly<Record<Lane, number>>
  readonly held: Readonly<Record<Lane, number>>
  readonly units: number
  readonly faults: number
  /** The severity of the worst of these; null when there are none. */
  readonly worst: Severity | null
  /** Null when nothing can be let through any more, or all is held always. */
  readonly gates: Readonly<Record<Lane, GateView>> | null
  /** Why it was refused. */
  readonly says?: string
}
