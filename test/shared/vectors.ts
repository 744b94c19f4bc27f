// The reference vectors of the dialects that exist here, typed as far as the tests use them.
import { readFileSync } from 'node:fs'
import { concat } from '../../shared/bytes/concat.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Dialect, DialectId, LengthPrefixedDialect, SentinelDialect } from '../../shared/dialects/dialect.ts'
import { dialects } from '../../shared/dialects/registry.ts'
import { hashesMasks } from '../../shared/framing/frameMask.ts'

export interface VectorFrame {
  /** One of the two, by the dialect. */
  readonly fin?: number
  readonly more?: number
  readonly rsv1: number
  readonly rsv2: number
  readonly rsv3: number
  readonly rsv4?: number
  readonly mask?: number
  readonly opcode: number
  readonly opcodeName: string
  readonly payloadLength: number
  readonly lengthEncoding: '7' | '7+16' | '7+64'
  readonly maskingKey?: string
  /** What hybi-04 has in front of a frame. */
  readonly frameNonce?: string
  readonly payloadHex?: string
  readonly payloadText?: string
}

/** A frame of hixie-75 or hixie-76. */
export interface SentinelVectorFrame {
  readonly type: string
  readonly form: 'sentinel' | 'length'
  readonly dataHex: string
  readonly disposition: 'deliver' | 'discard' | 'discard-with-error' | 'close'
}

export interface Vector {
  readonly id: string
  readonly kind: 'handshake' | 'accept' | 'frame' | 'close' | 'invalid'
  readonly direction: 'c2s' | 's2c' | 'both'
  readonly hex: string
  readonly payloadRepeat?: { readonly byteHex: string; readonly count: number }
  readonly input?: {
    readonly clientNonceHex?: string
    readonly serverNonceHex?: string
    readonly key?: string
    readonly serverNonce?: string
    readonly key1?: string
    readonly key2?: string
    readonly key3Hex?: string
  }
  readonly decoded?: {
    readonly startLine?: string
    readonly headers?: readonly (readonly [string, string])[]
    readonly frames?: readonly (VectorFrame | SentinelVectorFrame)[]
    readonly number1?: number
    readonly spaces1?: number
    readonly part1?: number
    readonly part2?: number
    readonly challengeHex?: string
    readonly responseHex?: string
    readonly trailingBytesHex?: string
    readonly clientNonceHex?: string
    readonly hashedHex?: string
    readonly serverHelloHex?: string
    readonly clientHelloHex?: string
    readonly accept?: string
    readonly keyDecodedHex?: string
  }
  readonly parsed?: {
    readonly startLine: string
    readonly headers: readonly (readonly [string, string])[]
    readonly trailingBytesHex?: string
  }
  readonly closeCode?: number
  readonly reason?: string
}

const file = new URL('../fixtures/reference/vectors.json', import.meta.url)
const all: { readonly dialects: Readonly<Record<DialectId | 'permessage-deflate', readonly Vector[]>> } = JSON.parse(
  readFileSync(file, 'utf8'),
)

/** The vectors of a dialect, whether or not it is registered. */
export function vectorsOf(id: string): readonly Vector[] {
  return (all.dialects as Readonly<Record<string, readonly Vector[]>>)[id] ?? []
}

/** The vectors of the compression extension, which more than one dialect can agree on. */
export const deflateVectors = all.dialects['permessage-deflate'] as readonly DeflateVector[]

export interface DeflateVector extends Omit<Vector, 'decoded'> {
  readonly receiver?: 'client' | 'server'
  readonly offer?: string
  readonly response?: string
  readonly context?: { readonly extension?: string }
  readonly recipe?: { readonly inflatedLength: number; readonly fillByteHex: string }
  readonly decoded?: {
    readonly message?: string
    readonly accepted?: boolean
    readonly chosenOffer?: number
    readonly serverMaxWindowBits?: number
    readonly clientMaxWindowBits?: number
    readonly contextTakeover?: { readonly server: boolean; readonly client: boolean }
  }
  readonly expected?: { readonly outcome: string; readonly rule: string; readonly closeCode?: number }
}

/** A vector with what every test of it needs. */
export interface Case {
  readonly id: string
  readonly dialect: Dialect
  readonly lane: Lane
  readonly bytes: Uint8Array
  readonly vector: Vector
}

/** The vectors of those kinds, in every dialect. */
export function casesOf(...kinds: readonly Vector['kind'][]): Case[] {
  return dialects.flatMap((dialect) =>
    all.dialects[dialect.id].filter(({ kind }) => kinds.includes(kind)).map((vector) => caseOf(dialect, vector)),
  )
}

function caseOf(dialect: Dialect, vector: Vector): Case {
  const lane = vector.direction === 's2c' ? 'serverToClient' : 'clientToServer'
  return { id: vector.id, dialect, lane, bytes: bytesOf(vector), vector }
}

/** A vector of frames, with what each of them holds. */
export interface FrameCase<D extends Dialect, F> extends Case {
  readonly dialect: D
  readonly frames: readonly F[]
}

/** The vectors of length-prefixed frames. */
export const prefixedCases = frameCasesOf<LengthPrefixedDialect, VectorFrame>('lengthPrefixed')

/** The vectors of frames that an FF byte or a base-128 length ends. */
export const sentinelCases = frameCasesOf<SentinelDialect, SentinelVectorFrame>('sentinel')

function frameCasesOf<D extends Dialect, F>(framing: D['framing']): readonly FrameCase<D, F>[] {
  return casesOf('frame', 'close').flatMap((one) => {
    const frames = one.vector.decoded?.frames
    if (one.dialect.framing !== framing || !frames) return []
    return [{ ...one, dialect: one.dialect as D, frames: frames as unknown as readonly F[] }]
  })
}

export function isFinalFrame({ fin, more }: VectorFrame): boolean {
  return more === undefined ? fin === 1 : more === 0
}

function bytesOf({ hex, payloadRepeat }: Vector): Uint8Array {
  const head = fromHex(hex)
  if (!payloadRepeat) return head
  return concat(head, new Uint8Array(payloadRepeat.count).fill(Number.parseInt(payloadRepeat.byteHex, 16)))
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** The key of the sample handshake, which the vectors of hybi-04 are masked with. */
export function connectionKeyOf(dialect: Dialect): Uint8Array | null {
  return hashesMasks(dialect) ? fromHex('6322a2adc02bc433e3896d34410b74bb7739f960') : null
}

/** Whether the vector's bytes begin with an HTTP head rather than a frame. */
export function isHead({ bytes }: Case): boolean {
  return /^(GET|POST|HTTP)/.test(Buffer.from(bytes.subarray(0, 8)).toString('latin1'))
}
