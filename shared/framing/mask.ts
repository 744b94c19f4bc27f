// XOR masking of payloads, RFC 6455 §5.3.

/** Below this many bytes setting up the word-wise loop costs more than it saves. */
const wordWiseFrom = 32

/**
 * A copy of `bytes` with `key[(phase + i) mod key.length]` XORed onto byte i; masking and unmasking are the same. `phase` is
 * how many payload bytes came before. `bytes` stays as it is.
 */
export function applyMask(bytes: Uint8Array, key: Uint8Array, phase = 0): Uint8Array {
  const masked = new Uint8Array(bytes)
  const size = key.length
  let at = 0
  if (masked.length >= wordWiseFrom && size % 4 === 0) {
    // The words are in the machine's byte order on both sides, so the order does not matter.
    const turned = Uint8Array.from(key, (_, i) => key[(phase + i) % size]!)
    const keyWords = new Uint32Array(turned.buffer)
    const words = new Uint32Array(masked.buffer, 0, masked.length >> 2)
    for (let i = 0, k = 0; i < words.length; i++, k = k + 1 === keyWords.length ? 0 : k + 1) words[i]! ^= keyWords[k]!
    at = words.length << 2
  }
  for (; at < masked.length; at++) masked[at]! ^= key[(phase + at) % size]!
  return masked
}
