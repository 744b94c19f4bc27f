// What the dialog for pasted bytes asks for, what it makes of what it has, and the line one would type.
import { decodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { type Lane, receiverOf } from '../../../shared/bytes/lanes.ts'
import { bytesOf, type Pasted, parsePasted } from '../../../shared/bytes/pasted.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { hashesMasks } from '../../../shared/framing/frameMask.ts'
import { failure, type Result } from '../../../shared/ipc/result.ts'

export interface PasteDraft {
  readonly client: string
  readonly server: string
  /** Null: as the bytes tell. */
  readonly begins: 'handshake' | 'open' | null
  readonly dialect: DialectId | 'auto' | null
  readonly key: string
  readonly nonce: string
  readonly extensions: string
}

export const emptyDraft: PasteDraft = {
  ...{ client: '', server: '', begins: null, dialect: null, key: '', nonce: '', extensions: '' },
}

/** Characters of one text: with both in it, a line has room for them. */
const longestText = 4_000_000

/** Reads one text, unless it is too long to be typed into a line. */
export function readText(text: string): Result<Pasted> {
  if (text.length <= longestText) return parsePasted(text)
  return failure(
    `It is longer than ${longestText} characters: save it as a file, and use decode --hex - in a terminal.`,
  )
}

export interface Found {
  readonly client: Result<Pasted>
  readonly server: Result<Pasted>
}

/** What was not said is told from the bytes, as far as it can be. */
export function settled(draft: PasteDraft, found: Found) {
  const begins = draft.begins ?? (beginsWithHead(found) ? 'handshake' : 'open')
  const canTell = begins === 'handshake' && hasBytes(found.client)
  const dialect = draft.dialect === null || (draft.dialect === 'auto' && !canTell) ? guess(canTell) : draft.dialect
  return { begins, canTell, dialect, asks: asksFor(begins, dialect) } as const
}

function guess(canTell: boolean): DialectId | 'auto' {
  return canTell ? 'auto' : 'rfc6455'
}

/** What else has to be known of a handshake that is not there, in a dialect that has it. */
function asksFor(begins: 'handshake' | 'open', id: DialectId | 'auto') {
  if (begins === 'handshake' || id === 'auto') return { masks: false, extensions: false }
  const dialect = dialectById(id)
  return { masks: hashesMasks(dialect), extensions: dialect.compression !== 'none' }
}

function hasBytes(found: Result<Pasted>): boolean {
  return found.ok && found.value.pieces.length > 0
}

/** Nothing at all may still become anything. */
function beginsWithHead({ client, server }: Found): boolean {
  const starts = [client, server].flatMap((found) =>
    found.ok && found.value.pieces[0] ? [decodeLatin1(found.value.pieces[0].bytes.subarray(0, 5))] : [],
  )
  return starts.length === 0 || starts.some((start) => /^(GET |HTTP\/|<poli)/.test(start))
}

/** What a text was read as: `a hex dump, 123 bytes`; for both directions, how much of each. */
export function foundWords({ form, pieces }: Pasted, lane: Lane): string {
  if (pieces.length === 0) return ''
  const [own, other] = [bytesOf(pieces, 0).length, bytesOf(pieces, 1).length]
  if (other === 0) return `Read as ${form}: ${own} bytes.`
  return `Read as ${form}: ${own} bytes, and ${other} that the ${receiverOf(lane)} sent.`
}

export function pasteLine(draft: PasteDraft, found: Found): string {
  const { begins, dialect, asks } = settled(draft, found)
  const option = (name: string, value: string) => (value.trim() === '' ? [] : [`--${name} ${quoteWord(value.trim())}`])
  return [
    'paste',
    ...(draft.client.trim() === '' ? [] : [`--client ${quoteWord(draft.client)}`]),
    ...(draft.server.trim() === '' ? [] : [`--server ${quoteWord(draft.server)}`]),
    `--dialect ${dialect}`,
    ...(begins === 'open' ? ['--open'] : []),
    ...(asks.masks ? [...option('key', draft.key), ...option('nonce', draft.nonce)] : []),
    ...(asks.extensions ? option('extensions', draft.extensions) : []),
  ].join(' ')
}
