// Deterministic bytes for the lab: the same seed gives the same nonces, masks and keys on every machine. Not for
// secrets.

/**
 * A source of bytes that depends on nothing but `seed`: sfc32, started from the seed through splitmix32. The bytes do
 * not depend on how they are asked for: two calls for 4 give what one call for 8 gives.
 */
export function seededRandom(seed: number): (count: number) => Uint8Array {
  const next = sfc32(seed)
  let word = 0
  let left = 0
  return (count) => {
    const bytes = new Uint8Array(count)
    for (let i = 0; i < count; i++) {
      if (left === 0) {
        word = next()
        left = 4
      }
      bytes[i] = word & 0xff
      word >>>= 8
      left--
    }
    return bytes
  }
}

/** An integer from 0 to `below` - 1, each as likely as the other; `below` is at most 2^32. */
export function randomInteger(random: (count: number) => Uint8Array, below: number): number {
  const usable = 2 ** 32 - (2 ** 32 % below)
  for (;;) {
    const bytes = random(4)
    const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    if (word < usable) return word % below
  }
}

/** One of the items. There has to be one. */
export function pickFrom<T>(random: (count: number) => Uint8Array, items: readonly T[]): T {
  return items[randomInteger(random, items.length)]!
}

/** The same items in an order of chance. */
export function shuffled<T>(random: (count: number) => Uint8Array, items: readonly T[]): readonly T[] {
  const left = [...items]
  return items.map(() => left.splice(randomInteger(random, left.length), 1)[0]!)
}

function sfc32(seed: number): () => number {
  const mix = splitmix32(seed)
  let a = mix()
  let b = mix()
  let c = mix()
  let counter = 1
  return () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum
  }
}

/** Both halves of the seed count, so that seeds above 2^32 differ too. */
function splitmix32(seed: number): () => number {
  let state = (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x85ebca6b)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    return z ^ (z >>> 15)
  }
}
