// Hex, written and read. Reading takes what people paste: bare digits, separated or 0x-prefixed bytes, and the dumps
// of xxd, hexdump -C, od -A x -t x1 and Wireshark.
import { failure, type Result, success } from '../ipc/result.ts'
import { parseDump, readPairs } from './dump.ts'

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Two lower-case digits a byte, with `separator` between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += (i === 0 ? '' : separator) + pairs[bytes[i]!]
  return text
}

/** Reads hex as pasted. The error is one sentence that names the line. Nothing at all is no bytes. */
export function parseHex(text: string): Result<Uint8Array> {
  const lines = text.split(/\r\n|\r|\n/)
  const dump = parseDump(lines)
  if (dump) return dump
  const bytes: number[] = []
  for (const [index, line] of lines.entries()) {
    const error = readPlainLine(line, index + 1, bytes)
    if (error) return failure(error)
  }
  return success(Uint8Array.from(bytes))
}

/** Groups of digits with white space, commas, semicolons, colons or dashes between, each perhaps after 0x or \x. */
function readPlainLine(line: string, number: number, bytes: number[]): string | null {
  for (const match of line.matchAll(/[^\s,;:-]+/g)) {
    const digits = match[0].replace(/^0x|\\x/gi, '')
    const bad = digits.search(/[^0-9A-Fa-f]/)
    if (bad >= 0) return `Line ${number} has "${digits[bad]}" in "${match[0]}", which is not a hex digit.`
    if (digits.length % 2 !== 0) {
      return `Line ${number} has an odd number of hex digits in "${match[0]}": write every byte with two.`
    }
    readPairs(digits, bytes)
  }
  return null
}
