// Sections 12 and 13: permessage-deflate with many sizes, fragments and terms. RFC 7692.
import { type Answer, anyPeer, type ConformCase, type Move, messagesOf, weClose } from './case.ts'
import type { Compression, Terms } from './compression.ts'
import { type SampleData, sampleData } from './sampleData.ts'

/** Bytes of a message, and of the frames it is cut into; 0: one frame. */
const shapes: readonly (readonly [size: number, fragment: number])[] = [
  ...[16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072].map((size) => [size, 0] as const),
  ...[8192, 16384, 32768, 65536, 131072].map((size) => [size, 256] as const),
  ...[1024, 4096, 32768].map((fragment) => [131072, fragment] as const),
]

const usual: Terms = { noContextTakeover: false, windowBits: null }
const noTakeover: Terms = { noContextTakeover: true, windowBits: null }
const bits = (windowBits: number): Terms => ({ noContextTakeover: false, windowBits })
const both = (windowBits: number): Terms => ({ noContextTakeover: true, windowBits })

/** What is asked of the peer's compressor, the liked best first. */
const terms: readonly (readonly [says: string, compression: Compression])[] = [
  ['nothing asked', [usual]],
  ['no context takeover', [noTakeover]],
  ['a window of 9 bits', [bits(9)]],
  ['a window of 15 bits', [bits(15)]],
  ['no context takeover and a window of 9 bits', [both(9)]],
  ['no context takeover and a window of 15 bits', [both(15)]],
  ['either, or neither', [both(9), noTakeover, usual]],
]

/** These send a great many bytes. */
const patience = 50

function compressedCase(
  id: string,
  says: string,
  data: SampleData,
  compression: Compression,
  shape: number,
): ConformCase {
  const [size, fragment] = shapes[shape]!
  const cut = fragment === 0 ? '' : ` in frames of ${fragment}`
  return {
    id: `${id}.${shape + 1}`,
    title: `compressed messages of ${size} bytes${cut} come back: ${says}`,
    cite: 'RFC 7692 §7.2',
    peers: anyPeer,
    opening: { compression },
    moves: (effort) => roundTrips(data, size, fragment, messagesOf(effort, size)),
    ending: weClose,
    patience,
  }
}

function* roundTrips(data: SampleData, size: number, fragment: number, messages: number): Iterable<Move> {
  const bytes = data.bytes()
  for (let count = 0, at = 0; count < messages; count++, at = (at + size) % bytes.length) {
    const message: Answer = { kind: data.type, payload: cutFrom(bytes, at, size) }
    yield { kind: 'compressed', message, fragment }
    yield { kind: 'await' }
  }
}

/** The data goes round: after its end comes its beginning. */
function cutFrom(bytes: Uint8Array, at: number, size: number): Uint8Array {
  const payload = new Uint8Array(size)
  const first = bytes.subarray(at, at + size)
  payload.set(first)
  payload.set(bytes.subarray(0, size - first.length), first.length)
  return payload
}

export const compressionCases: readonly ConformCase[] = [
  ...sampleData.flatMap((data, index) =>
    shapes.map((_, shape) => compressedCase(`12.${index + 1}`, data.says, data, [usual], shape)),
  ),
  ...terms.flatMap(([says, compression], index) =>
    shapes.map((_, shape) => compressedCase(`13.${index + 1}`, says, sampleData[0]!, compression, shape)),
  ),
]
