// Finding what a text repeats of itself, for DEFLATE: LZ77 with chains of places that begin with the same three bytes.

/** A byte (`length` 0, `value` the byte), or `length` bytes that came before, `value` bytes back. RFC 1951 §3.2.5. */
export interface Token {
  readonly length: number
  readonly value: number
}

const shortest = 3
const longest = 258
/** Places looked at for one match: more finds a little more, and takes longer on what repeats much. */
const mostTries = 32

/** The bytes of `text` from `from` on as tokens that refer to bytes of `text`, at most `window` bytes back. */
export function findMatches(text: Uint8Array, from: number, window: number): Token[] {
  const chains = createChains(text)
  const tokens: Token[] = []
  for (let at = Math.max(0, from - window); at < from; at++) chains.add(at)
  for (let at = from; at < text.length; ) {
    const match = bestMatch(text, at, window, chains)
    tokens.push(match ?? { length: 0, value: text[at]! })
    const end = at + (match?.length ?? 1)
    while (at < end) chains.add(at++)
  }
  return tokens
}

function bestMatch(text: Uint8Array, at: number, window: number, chains: Chains): Token | null {
  const most = Math.min(longest, text.length - at)
  let best = 0
  let distance = 0
  let place = most < shortest ? -1 : chains.first(at)
  for (let tries = 0; place >= 0 && at - place <= window && tries < mostTries && best < most; tries++) {
    const length = commonLength(text, place, at, most)
    if (length > best) {
      best = length
      distance = at - place
    }
    place = chains.before(place)
  }
  return best < shortest ? null : { length: best, value: distance }
}

function commonLength(text: Uint8Array, one: number, other: number, most: number): number {
  let length = 0
  while (length < most && text[one + length] === text[other + length]) length++
  return length
}

interface Chains {
  add(at: number): void
  /** The last place added whose three bytes may be those at `at`; -1 when there is none. */
  first(at: number): number
  before(place: number): number
}

function createChains(text: Uint8Array): Chains {
  // As many heads as there are places, within limits: a short message takes little memory.
  const bits = Math.min(15, Math.max(6, Math.ceil(Math.log2(text.length + 1))))
  const heads = new Int32Array(1 << bits).fill(-1)
  const previous = new Int32Array(text.length)
  const hash = (at: number) =>
    Math.imul(text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16), 0x9e3779b1) >>> (32 - bits)
  return {
    add(at) {
      if (at + shortest > text.length) return
      const slot = hash(at)
      previous[at] = heads[slot]!
      heads[slot] = at
    },
    first: (at) => heads[hash(at)]!,
    before: (place) => previous[place]!,
  }
}
