// What the gate makes of a lane: the sent stream with the edits applied. Edits are few, bytes are many, so the stream
// is kept as pieces that say where its bytes are: in the sent stream, or in what an edit put in.
import type { Span } from '../bytes/span.ts'
import type { EditLabel } from './record.ts'

export interface GateEdit {
  /** Log index of its record. */
  readonly record: number
  readonly at: number
  readonly remove: number
  /** Bytes it put in. */
  readonly inserted: number
  readonly label: EditLabel
}

/** A run of the gate stream: `length` bytes from `from` in the sent stream (`edit` is -1) or in what an edit put in. */
export interface Piece {
  readonly at: number
  readonly length: number
  readonly edit: number
  readonly from: number
}

export type EditedSpan = Span & { readonly label: EditLabel }

/** The edits of one lane. A `count` is how many of them, from the first, are applied. */
export interface GateStream {
  readonly edits: readonly GateEdit[]
  /** Adds an edit made while the first `delivered` bytes of the gate stream were let through. */
  add(edit: GateEdit, delivered: number): void
  /** Bytes the gate stream is longer than the sent stream. */
  growth(count: number): number
  /** Pieces that cover all that can still be held; the last one is the sent stream without end. */
  pieces(count: number): readonly Piece[]
  /** The edited places, in gate-stream offsets, in order. A place where bytes only went is empty. */
  spans(count: number): readonly EditedSpan[]
}

interface AddedEdit extends GateEdit {
  /** Set when no earlier edit reaches into what was held: the gate stream from here on was the sent stream. */
  readonly restart: Piece | null
  /** `growth` once it is applied. */
  readonly growth: number
}

export function createGateStream(): GateStream {
  const edits: AddedEdit[] = []
  const pieces = remembered<readonly Piece[]>([sentFrom(0, 0)], (before, index) => {
    const edit = edits[index]!
    return applyEdit(edit.restart ? [edit.restart] : before, edit, index)
  })
  const spans = remembered<readonly EditedSpan[]>([], (before, index) => withEdit(before, edits[index]!))
  return {
    edits,
    add(edit, delivered) {
      const tail = pieces(edits.length, restartAt(edits, edits.length)).at(-1)!
      const growth = tail.at - tail.from + edit.inserted - edit.remove
      edits.push({ ...edit, restart: tail.at <= delivered ? tail : null, growth })
    },
    growth: (count) => (count === 0 ? 0 : edits[count - 1]!.growth),
    pieces: (count) => pieces(count, restartAt(edits, count)),
    spans: (count) => spans(count, 0),
  }
}

/** The last of the first `count` edits that needs none before it. */
function restartAt(edits: readonly AddedEdit[], count: number): number {
  let index = count - 1
  while (index > 0 && !edits[index]!.restart) index -= 1
  return Math.max(index, 0)
}

/**
 * A fold over indices 0, 1, 2, … that remembers where it came to last: asked for the value after `count` steps it
 * goes on from there, or, when that is past `count` or before `from`, starts at `from`, which must need no step before.
 */
function remembered<T>(first: T, next: (before: T, index: number) => T): (count: number, from: number) => T {
  let known = 0
  let value = first
  return (count, from) => {
    if (known > count || known < from) {
      known = from
      value = first
    }
    for (; known < count; known += 1) value = next(value, known)
    return value
  }
}

function sentFrom(at: number, from: number): Piece {
  return { at, length: Number.POSITIVE_INFINITY, edit: -1, from }
}

function applyEdit(pieces: readonly Piece[], { at, remove, inserted }: GateEdit, edit: number): Piece[] {
  const before = pieces.filter((piece) => piece.at < at).map((piece) => cutAfter(piece, at))
  const after = pieces
    .filter((piece) => piece.at + piece.length > at + remove)
    .map((piece) => cutBefore(piece, at + remove))
    .map((piece) => ({ ...piece, at: piece.at + inserted - remove }))
  const put: readonly Piece[] = inserted > 0 ? [{ at, length: inserted, edit, from: 0 }] : []
  return [...before, ...put, ...after]
}

function cutAfter(piece: Piece, end: number): Piece {
  return { ...piece, length: Math.min(piece.length, end - piece.at) }
}

function cutBefore(piece: Piece, start: number): Piece {
  const skipped = Math.max(0, start - piece.at)
  return { ...piece, at: piece.at + skipped, from: piece.from + skipped, length: piece.length - skipped }
}

/** The earlier places as they lie after `edit`, and its own. What it replaced wholly is no place of its own any more. */
function withEdit(earlier: readonly EditedSpan[], edit: GateEdit): EditedSpan[] {
  const own: EditedSpan = { start: edit.at, end: edit.at + edit.inserted, label: edit.label }
  const moved = earlier.map((span) => moveSpan(span, edit)).filter((span) => span !== null)
  const place = moved.findIndex((span) => span.start > own.start || (span.start === own.start && span.end > own.start))
  return place < 0 ? [...moved, own] : [...moved.slice(0, place), own, ...moved.slice(place)]
}

function moveSpan(span: EditedSpan, { at, remove, inserted }: GateEdit): EditedSpan | null {
  if (span.end <= at) return span
  const growth = inserted - remove
  if (span.start >= at + remove) return { ...span, start: span.start + growth, end: span.end + growth }
  const start = span.start < at ? span.start : at + inserted
  const end = span.end > at + remove ? span.end + growth : at
  return start < end ? { ...span, start, end } : null
}
