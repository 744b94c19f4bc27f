// Bytes as people paste them: what parseHex reads, both directions of a stream as Wireshark follows one, arrays and
// strings of C, base64.
import { failure, type Result, success } from '../ipc/result.ts'
import { parseBase64 } from './base64.ts'
import { type DumpLine, dumpLine, joinRows, parseDump } from './dump.ts'
import { parseHex } from './hex.ts'

/** `peer` 1 is the one that answers; a text without directions has bytes of peer 0 only. */
export interface PastedPiece {
  readonly peer: 0 | 1
  readonly bytes: Uint8Array
}

export interface Pasted {
  /** What it was read as, in a few words. */
  readonly form: string
  /** In the order of the text. Whether there is more than one peer, the text says. */
  readonly pieces: readonly PastedPiece[]
}

/** Reads bytes in whatever form. The error is one sentence that names the line. Nothing at all is no bytes. */
export function parsePasted(text: string): Result<Pasted> {
  const lines = text.split(/\r\n|\r|\n/)
  return parseBothWays(lines) ?? parseArrays(text) ?? parseDigits(text, lines)
}

/** All bytes of one direction; a failure when the text has two. */
export function parseOneWay(text: string): Result<Uint8Array> {
  const pasted = parsePasted(text)
  if (!pasted.ok) return pasted
  const { pieces } = pasted.value
  if (pieces.some(({ peer }) => peer === 1)) return failure('It holds both directions of a stream, and one is wanted.')
  return success(bytesOf(pieces, 0))
}

/** All that one peer said. */
export function bytesOf(pieces: readonly PastedPiece[], peer: PastedPiece['peer']): Uint8Array {
  const own = pieces.filter((piece) => piece.peer === peer)
  const bytes = new Uint8Array(own.reduce((size, piece) => size + piece.bytes.length, 0))
  let at = 0
  for (const piece of own) {
    bytes.set(piece.bytes, at)
    at += piece.bytes.length
  }
  return bytes
}

function parseDigits(text: string, lines: readonly string[]): Result<Pasted> {
  const isString = /\\x[0-9a-f]{2}/i.test(text)
  const hex = parseHex(isString ? text.replace(/["']|\\$|;\s*$/gm, '') : text)
  if (hex.ok) return oneWay(isString ? 'an escaped string' : parseDump(lines) ? 'a hex dump' : 'hex', hex.value)
  const base64 = isString ? null : parseWrappedBase64(lines)
  return base64 ? oneWay('base64', base64) : hex
}

function oneWay(form: string, bytes: Uint8Array): Result<Pasted> {
  return success({ form, pieces: bytes.length === 0 ? [] : [{ peer: 0, bytes }] })
}

/** RFC 4648 §4, in lines of any length. Words with spaces between, or nearly all hex digits, are hex with a mistake in it. */
function parseWrappedBase64(lines: readonly string[]): Uint8Array | null {
  const joined = lines.map((line) => line.trim()).join('')
  const others = joined.replace(/[0-9a-f]/gi, '').length
  const parsed = joined.length % 4 === 0 && others * 3 > joined.length ? parseBase64(joined) : null
  return parsed && 'bytes' in parsed ? parsed.bytes : null
}

/** "Follow stream" as a hex dump: what the second peer said is indented, each with offsets of its own. */
function parseBothWays(lines: readonly string[]): Result<Pasted> | null {
  const rows: { readonly peer: 0 | 1; readonly row: DumpLine }[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const row = dumpLine(line, index + 1)
    if (!row || row.form === 'bare') return null
    rows.push({ row: { ...row, form: 'marked' }, peer: /^( {4}|\t)/.test(line) ? 1 : 0 })
  }
  for (const peer of [0, 1]) {
    const own = rows.filter((one) => one.peer === peer).map(({ row }) => row)
    const joined = own.length > 0 ? joinRows(own) : null
    if (!joined?.ok) return joined
  }
  const pieces = rows.map(({ peer, row }) => ({ peer, bytes: Uint8Array.from(row.bytes) }))
  return success({ form: 'a hex dump of both directions', pieces: joinPieces(pieces) })
}

/** Rows that follow one another from the same peer are one piece. */
function joinPieces(pieces: readonly PastedPiece[]): readonly PastedPiece[] {
  const runs: PastedPiece[][] = []
  for (const piece of pieces) {
    if (runs.at(-1)?.[0]?.peer === piece.peer) runs.at(-1)!.push(piece)
    else runs.push([piece])
  }
  return runs.map((run) => ({ peer: run[0]!.peer, bytes: bytesOf(run, run[0]!.peer) }))
}

/** Arrays of C, which Wireshark calls `peer0_` and `peer1_` by who speaks. Null when there is none. */
function parseArrays(text: string): Result<Pasted> | null {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '))
  const arrays = [...bare.matchAll(/\{([^{}]*)\}/g)]
  if (arrays.length === 0) return null
  const pieces: PastedPiece[] = []
  for (const array of arrays) {
    const before = bare.slice(0, array.index)
    const bytes = parseElements(array[1]!, before.split('\n').length)
    if (!bytes.ok) return bytes
    const isAnswer = /\bpeer1\w*\s*\[\s*\d*\s*\]\s*=\s*$/.test(before)
    pieces.push({ peer: isAnswer ? 1 : 0, bytes: bytes.value })
  }
  return success({ form: 'an array of C', pieces: joinPieces(pieces) })
}

function parseElements(text: string, firstLine: number): Result<Uint8Array> {
  const bytes: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    for (const word of line.match(/[^\s,]+/g) ?? []) {
      const value = /^(0x[0-9a-f]{1,2}|\d{1,3})$/i.test(word) ? Number(word) : Number.NaN
      if (!(value <= 255)) {
        return failure(
          `Line ${firstLine + index} has "${word}" in an array, where a byte from 0 to 255 or 0x00 to 0xff was due.`,
        )
      }
      bytes.push(value)
    }
  }
  return success(Uint8Array.from(bytes))
}
