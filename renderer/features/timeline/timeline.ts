// The scale of the timeline: by record, so that long pauses take no room.
import { receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import type { Cursor } from '../../../shared/capture/record.ts'
import type { TimelineMark } from '../../../shared/capture/view.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { formatDuration } from '../../ui/format.ts'

/** The line that moves the cursor there. */
export function gotoLine({ record, bytes }: Cursor): string {
  return bytes > 0 ? `goto ${record}:${bytes}` : `goto ${record}`
}

/** The record at a place on the scale, 0 to 1. */
export function cursorAt(place: number, end: Cursor): Cursor {
  return { record: Math.round(Math.max(0, Math.min(1, place)) * end.record), bytes: 0 }
}

/** The mark that is pointed at, else the record at that place. `reach` is how near a mark has to be, on the scale. */
export function cursorNear(place: number, marks: readonly TimelineMark[], end: Cursor, reach: number): Cursor {
  const away = (mark: TimelineMark) => Math.abs(mark.at - place)
  const nearest = marks.reduce<TimelineMark | null>(
    (best, mark) => (best && away(best) <= away(mark) ? best : mark),
    null,
  )
  return nearest && away(nearest) <= reach ? nearest.cursor : cursorAt(place, end)
}

export type MarkKind = 'unit' | 'fault' | 'warning' | 'note'

/** Faults and notes stand out of the row of units. */
export function markKind({ tone }: TimelineMark): MarkKind {
  return tone === 'fault' || tone === 'warning' || tone === 'note' ? tone : 'unit'
}

const kindWords = {
  unit: '',
  fault: 'Broken rule: ',
  warning: 'Warning: ',
  note: 'Note or change: ',
} as const satisfies Record<MarkKind, string>

/** `Broken rule: mask.missing`, and under it where and when. */
export function markTitle(mark: TimelineMark, startTime: number): string {
  const where = mark.lane ? `${senderOf(mark.lane)} → ${receiverOf(mark.lane)}, ` : ''
  return `${kindWords[markKind(mark)]}${mark.label}\n${where}${formatDuration(mark.time - startTime)}`
}

/** Where a key moves the cursor to on the marks; null when the key does not. */
export function cursorForKey(key: string, at: number, marks: readonly TimelineMark[], end: Cursor): Cursor | null {
  const nothing = 1e-9
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return marks.find((mark) => mark.at > at + nothing)?.cursor ?? end
    case 'ArrowLeft':
    case 'ArrowDown':
      return marks.filter((mark) => mark.at < at - nothing).at(-1)?.cursor ?? { record: 0, bytes: 0 }
    case 'Home':
      return { record: 0, bytes: 0 }
    case 'End':
      return end
    default:
      return null
  }
}

/** `step 3 of 12`. */
export function stepLabel(run: RunView): string {
  return `step ${run.rowsDone.toLocaleString('en')} of ${run.rowsTotal.toLocaleString('en')}`
}

export const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 10, 100, Number.POSITIVE_INFINITY]

/** `0.5×`, `max`. */
export function speedLabel(speed: number): string {
  return Number.isFinite(speed) ? `${speed}×` : 'max'
}

/** As the console takes it. */
export function speedWord(speed: number): string {
  return Number.isFinite(speed) ? String(speed) : 'max'
}
