// Deflating the messages of an end of ours, RFC 7692 §7.2.1: one block of fixed codes, or stored blocks where these are
// shorter, then the empty stored block whose last four bytes are left out. Simple rather than strong: what it makes can
// be followed bit by bit, and it never looks back farther than the window that was agreed.
import { concat } from '../bytes/concat.ts'
import { createBitWriter } from './bitWriter.ts'
import { fixedLiteralLengths, reversed } from './huffman.ts'
import { codeFor, distanceOf, lengthOf } from './lengthCodes.ts'
import { findMatches, type Token } from './matches.ts'

/** A value: deflating a message gives the one for the next. */
export interface Deflater {
  readonly windowBits: number
  readonly keepsWindow: boolean
  /** The end of what was deflated before, as far as the next message may refer to it. */
  readonly history: Uint8Array
}

export interface Deflated {
  readonly bytes: Uint8Array
  readonly deflater: Deflater
}

export function createDeflater(windowBits: number, keepsWindow: boolean): Deflater {
  return { windowBits, keepsWindow, history: new Uint8Array(0) }
}

/** Deflates one message, whole. Without the four bytes its receiver puts back: RFC 7692 §7.2.1. */
export function deflate(deflater: Deflater, message: Uint8Array): Deflated {
  const { windowBits, keepsWindow, history } = deflater
  const window = 2 ** windowBits
  const text = concat(history, message)
  const tokens = findMatches(text, history.length, window)
  const isStoredShorter = storedSize(message.length) < fixedBits(tokens) / 8
  const bytes = isStoredShorter ? storedBlocks(message) : fixedBlock(tokens)
  const kept = keepsWindow ? text.slice(Math.max(0, text.length - window)) : history
  return { bytes, deflater: { ...deflater, history: kept } }
}

/** Left out at the end of what is deflated, and put back by its receiver. RFC 7692 §7.2.1. */
const tail = Uint8Array.of(0x00, 0x00, 0xff, 0xff)

/** Deflates bytes that refer to nothing before them. `ends`: they are the last of what is deflated as one. */
export function deflateAlone(windowBits: number, bytes: Uint8Array, ends: boolean): Uint8Array {
  const deflated = deflate(createDeflater(windowBits, false), bytes).bytes
  return ends ? deflated : concat(deflated, tail)
}

// Stored blocks. RFC 1951 §3.2.4.

const longestStored = 65535
const storedHeader = 5

function storedSize(length: number): number {
  return length + storedHeader * Math.ceil(length / longestStored)
}

function storedBlocks(message: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let from = 0; from < message.length; from += longestStored) {
    const part = message.subarray(from, from + longestStored)
    const [low, high] = [part.length & 0xff, part.length >> 8]
    blocks.push(Uint8Array.of(0, low, high, low ^ 0xff, high ^ 0xff), part)
  }
  return concat(...blocks, Uint8Array.of(0))
}

// Fixed codes. RFC 1951 §3.2.6.

const endOfBlock = 256
const distanceBits = 5

interface Code {
  readonly bits: number
  readonly length: number
}

const literalCodes: readonly Code[] = fixedLiteralLengths.map((length, symbol) => {
  const bits = reversed(fixedCode(symbol), length)
  return { bits, length }
})

function fixedCode(symbol: number): number {
  if (symbol < 144) return 0x30 + symbol
  if (symbol < 256) return 0x190 + symbol - 144
  return symbol < 280 ? symbol - 256 : 0xc0 + symbol - 280
}

/** Bits of the block up to its end, with three for the header of the empty block behind it. */
function fixedBits(tokens: readonly Token[]): number {
  return tokens.reduce((sum, token) => sum + tokenBits(token), 3 + literalCodes[endOfBlock]!.length + 3)
}

function tokenBits({ length, value }: Token): number {
  if (length === 0) return literalCodes[value]!.length
  const lengthCode = codeFor(lengthOf, length)
  const distanceCode = codeFor(distanceOf, value)
  const extra = lengthOf[lengthCode]!.bits + distanceOf[distanceCode]!.bits
  return literalCodes[endOfBlock + 1 + lengthCode]!.length + distanceBits + extra
}

function fixedBlock(tokens: readonly Token[]): Uint8Array {
  const writer = createBitWriter()
  if (tokens.length > 0) {
    writer.add(0b010, 3) // not final, fixed codes
    const symbol = (number: number) => writer.add(literalCodes[number]!.bits, literalCodes[number]!.length)
    for (const { length, value } of tokens) {
      if (length === 0) {
        symbol(value)
        continue
      }
      const lengthCode = codeFor(lengthOf, length)
      const distanceCode = codeFor(distanceOf, value)
      symbol(endOfBlock + 1 + lengthCode)
      writer.add(length - lengthOf[lengthCode]!.least, lengthOf[lengthCode]!.bits)
      writer.add(reversed(distanceCode, distanceBits), distanceBits)
      writer.add(value - distanceOf[distanceCode]!.least, distanceOf[distanceCode]!.bits)
    }
    symbol(endOfBlock)
  }
  writer.add(0b000, 3) // the empty stored block
  return writer.finish()
}
