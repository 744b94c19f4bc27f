// Bits put together to bytes, the lowest bit of a byte first. RFC 1951 §3.1.1.

export interface BitWriter {
  /** The low `count` bits of `value`, at most 16, the lowest first. */
  add(value: number, count: number): void
  /** All bytes, the last one filled up with zeros. */
  finish(): Uint8Array
}

export function createBitWriter(): BitWriter {
  let bytes = new Uint8Array(256)
  let length = 0
  let bits = 0
  let bitCount = 0

  function push(byte: number): void {
    if (length === bytes.length) {
      const larger = new Uint8Array(length * 2)
      larger.set(bytes)
      bytes = larger
    }
    bytes[length++] = byte
  }

  return {
    add(value, count) {
      bits |= value << bitCount
      bitCount += count
      while (bitCount >= 8) {
        push(bits & 0xff)
        bits >>>= 8
        bitCount -= 8
      }
    },
    finish() {
      if (bitCount > 0) push(bits & 0xff)
      bitCount = 0
      return bytes.slice(0, length)
    },
  }
}
