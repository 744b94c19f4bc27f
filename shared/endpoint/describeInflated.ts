// How a deflated payload is read, as the DEFLATE blocks it is made of. RFC 1951 §3.2.3; RFC 7692 §7.2.2.
import type { Block, BlockType } from '../extensions/inflate.ts'
import type { Known } from './describeContext.ts'
import type { Derivation, FormulaPart, InflatedPayload } from './description.ts'

/** Blocks listed; a message that was flushed often has more. */
const blocksShown = 16

const typeWords: Readonly<Record<BlockType, string>> = {
  stored: 'stored as it is',
  fixed: 'fixed Huffman codes',
  dynamic: 'Huffman codes of its own',
}

export function inflateDerivation(inflated: InflatedPayload, payload: Known<Uint8Array>): Derivation {
  const { blocks, bytes, more, why } = inflated
  const lines = blocks.slice(0, blocksShown).flatMap((block, index) => blockLine(block, index, payload))
  const left = blocks.length - blocksShown
  const total = more ? `more than ${bytes.length} bytes` : counted(bytes.length)
  return {
    title: 'How the payload is inflated',
    parts: [
      ...lines,
      ...(left > 0 ? [text(`and ${left} blocks more`), newline] : []),
      text(`= ${total}${why === null ? '' : `; ${why}`}`),
    ],
    matches: why === null ? true : null,
    note: 'The sender left out 00 00 FF FF, the end of the empty block of a flush; the receiver puts it back at the end of the message.',
  }
}

const text = (words: string): FormulaPart => ({ kind: 'text', text: words })
const newline: FormulaPart = { kind: 'newline' }

function counted(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

function blockLine(block: Block, index: number, { lane, span }: Known<Uint8Array>): readonly FormulaPart[] {
  const start = Math.max(span.start, span.start + Math.floor(block.fromBit / 8))
  const end = Math.min(span.end, span.start + Math.ceil(block.toBit / 8))
  const final = block.final ? ', BFINAL 1: a stream ends here' : ''
  const label = `block ${index + 1}, ${typeWords[block.type]}${final}`
  const made = block.type === 'stored' && block.size === 0 ? 'empty, a flush' : `makes ${counted(block.size)}`
  const from = start < end ? { from: { lane, span: { start, end } } } : {}
  return [{ kind: 'term', label, value: made, role: 'binary', ...from }, newline]
}
