// From what was filled in to the line that sends it.
import type { Role } from '../../../shared/bytes/lanes.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { DialectView } from '../../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

export type ComposeKind = 'text' | 'hex' | 'ping' | 'close'

export interface Draft {
  readonly end: Role
  readonly kind: ComposeKind
  readonly text: string
  /** Close code as typed; only where the dialect has codes. */
  readonly code: string
}

type CloseBody = DialectView['closeBody']

/** What an end of this dialect can send. */
export function kindsOf(dialect: DialectView | undefined): readonly { value: ComposeKind; label: string }[] {
  return [
    { value: 'text', label: 'Text' },
    ...(dialect?.binary ? [{ value: 'hex' as const, label: 'Binary' }] : []),
    ...(dialect?.pings ? [{ value: 'ping' as const, label: 'Ping' }] : []),
    { value: 'close', label: 'Close' },
  ]
}

/** The draft as this dialect can send it: what was picked in another one may not exist here. */
export function sendable(draft: Draft, dialect: DialectView | undefined): Draft {
  return kindsOf(dialect).some(({ value }) => value === draft.kind) ? draft : { ...draft, kind: 'text' }
}

/** What is to be typed; null where there is nothing that could be. */
export function placeholderOf(kind: ComposeKind, closeBody: CloseBody): string | null {
  switch (kind) {
    case 'text':
      return 'Message'
    case 'hex':
      return 'Bytes in hex, such as 00 ff 12'
    case 'ping':
      return 'What it carries, or nothing'
    case 'close':
      return closePlaceholders[closeBody]
  }
}

const closePlaceholders: Readonly<Record<CloseBody, string | null>> = {
  none: null,
  emptyFrame: null,
  opaqueEchoed: 'Body in hex, or nothing',
  initiatorLetter: 'Body in hex, or nothing',
  codeAndReason: 'Reason, or nothing',
}

function hexDigits(text: string): Result<string> {
  const digits = text.replaceAll(/[\s:,]|0x/gi, '')
  if (digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits)) return success(digits.toLowerCase())
  return failure('That is not whole bytes in hex. Type two digits for each byte, such as 00 ff 12.')
}

function closeLine({ end, text, code }: Draft, closeBody: CloseBody): Result<string> {
  if (closePlaceholders[closeBody] === null) return success(`close ${end}`)
  if (closeBody === 'codeAndReason') {
    if (code === '' && text !== '') return failure('A reason needs a close code before it, such as 1000.')
    return success(['close', end, code, text && quoteWord(text)].filter(Boolean).join(' '))
  }
  const hex = hexDigits(text)
  if (!hex.ok) return hex
  return success(hex.value === '' ? `close ${end}` : `close ${end} --hex ${hex.value}`)
}

/** A frame that is to be put among those of other programs. */
export interface InjectDraft {
  readonly end: Role
  readonly kind: ComposeKind | 'raw'
  readonly text: string
  readonly unmasked: boolean
}

/** What can be put in on a connection of this dialect. */
export function injectable(dialect: DialectView | undefined): readonly { value: InjectDraft['kind']; label: string }[] {
  const frames = kindsOf(dialect).filter(({ value }) => value !== 'close' || dialect?.closeBody !== 'none')
  return [...frames, { value: 'raw', label: 'Raw bytes' }]
}

export function injectPlaceholder(kind: InjectDraft['kind'], closeBody: CloseBody): string {
  if (kind === 'hex' || kind === 'raw') return 'Bytes in hex, such as 81 02 68 69'
  if (kind === 'close' && closeBody === 'codeAndReason') return 'Code and reason, such as 1000 bye'
  return kind === 'text' ? 'Message' : 'What it carries, or nothing'
}

/** The line that puts it in, or why there is none. */
export function injectLine({ end, kind, text, unmasked }: InjectDraft): Result<string> {
  const flag = unmasked && end === 'client' ? ' --unmasked' : ''
  if (kind === 'raw' || kind === 'hex') {
    const hex = hexDigits(text)
    if (!hex.ok) return hex
    if (kind === 'raw') {
      return hex.value === ''
        ? failure('Type the bytes that are to be put in.')
        : success(`inject ${end} --raw ${hex.value}`)
    }
    return success(`inject ${end} hex${flag} ${hex.value}`.trim())
  }
  return success(`inject ${end} ${kind}${flag}${text === '' ? '' : ` ${quoteWord(text)}`}`)
}

/** The line for the console, or why there is none. */
export function lineOf(draft: Draft, closeBody: CloseBody): Result<string> {
  const { end, kind, text } = draft
  switch (kind) {
    case 'text':
      return success(`send ${end} text ${quoteWord(text)}`)
    case 'hex': {
      const hex = hexDigits(text)
      return hex.ok ? success(`send ${end} hex ${hex.value === '' ? '""' : hex.value}`) : hex
    }
    case 'ping':
      return success(text === '' ? `ping ${end}` : `ping ${end} ${quoteWord(text)}`)
    case 'close':
      return closeLine(draft, closeBody)
  }
}
