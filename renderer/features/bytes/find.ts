// Searching a lane, a page of bytes at a time.
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { Span } from '../../../shared/bytes/span.ts'
import type { BytesView } from '../../../shared/capture/view.ts'
import type { FindAnswer } from '../../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { hexOf } from './editing.ts'

export type FindKind = 'text' | 'hex'
export type Direction = 'forwards' | 'backwards'

/** Bytes asked for at once. Pages overlap, so that nothing hides across their border. */
export const pageSize = 64 * 1024

/** What to look for, as bytes. */
export function needleOf(typed: string, kind: FindKind): Result<Uint8Array> {
  if (kind === 'text') return success(new TextEncoder().encode(typed))
  const hex = hexOf(typed)
  if (hex === null) return failure('That is not whole bytes in hex. Type two digits for each byte.')
  return success(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
}

function matchesAt(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let index = 0; index < needle.length; index++) if (bytes[at + index] !== needle[index]) return false
  return true
}

/** The match nearest to one end of the page; -1 when there is none. */
export function findInPage(bytes: Uint8Array, needle: Uint8Array, direction: Direction): number {
  const last = bytes.length - needle.length
  for (let step = 0; step <= last; step++) {
    const at = direction === 'forwards' ? step : last - step
    if (matchesAt(bytes, needle, at)) return at
  }
  return -1
}

export type ReadPage = (lane: Lane, from: number, count: number) => Promise<Result<BytesView>>

interface Search {
  readonly read: ReadPage
  readonly lane: Lane
  readonly needle: Uint8Array
  readonly signal: AbortSignal
  /** Told of every page that has no match, with its new bytes. */
  onSearched?(bytes: number): void
}

async function searchUp(search: Search, from: number, to: number): Promise<Result<Span | null>> {
  const { needle } = search
  for (let at = from; at < to && !search.signal.aborted; at += pageSize - needle.length + 1) {
    const page = await search.read(search.lane, at, pageSize)
    if (!page.ok) return page
    const found = findInPage(page.value.bytes, needle, 'forwards')
    if (found >= 0) return success({ start: at + found, end: at + found + needle.length })
    search.onSearched?.(Math.min(to, at + pageSize) - at)
  }
  return success(null)
}

async function searchDown(search: Search, from: number, to: number): Promise<Result<Span | null>> {
  const { needle } = search
  for (let end = to; end - from >= needle.length && !search.signal.aborted; ) {
    const at = Math.max(from, end - pageSize)
    const page = await search.read(search.lane, at, end - at)
    if (!page.ok) return page
    const found = findInPage(page.value.bytes, needle, 'backwards')
    if (found >= 0) return success({ start: at + found, end: at + found + needle.length })
    search.onSearched?.(end - at)
    if (at === from) break
    end = at + needle.length - 1
  }
  return success(null)
}

/**
 * The next match from `from` on, going on at the other end of the lane when there is none; null when there is none
 * at all, or when the search was aborted.
 * @param length bytes on the lane
 */
export async function findOnLane(
  search: Search,
  from: number,
  length: number,
  direction: Direction,
): Promise<Result<Span | null>> {
  if (search.needle.length === 0) return success(null)
  const overlap = search.needle.length - 1
  const first = direction === 'forwards' ? await searchUp(search, from, length) : await searchDown(search, 0, from)
  if (!first.ok || first.value) return first
  return direction === 'forwards'
    ? searchUp(search, 0, Math.min(length, from + overlap))
    : searchDown(search, Math.max(0, from - overlap), length)
}

/** `Searching…`, and how much of the lane was. */
export function searchingSays(searched: number, length: number): string {
  const part = Math.floor((Math.min(searched, length) / length) * 100)
  return part > 0 ? `Searching… ${part}%` : 'Searching…'
}

/** `2 of 14`, how much was searched while that is not all, or what is wrong with the expression. */
export function matchesSay({ problem, total, searched, of }: FindAnswer, place: number): string {
  if (problem !== null) return problem
  const more = searched < of ? `, ${Math.floor((searched / of) * 100)}% searched` : ''
  if (total === 0) return `No unit matches${more}`
  return `${Math.min(place + 1, total).toLocaleString('en')} of ${total.toLocaleString('en')}${more}`
}
