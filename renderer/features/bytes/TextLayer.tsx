import type { MouseEvent } from 'react'
import type { Span } from '../../../shared/bytes/span.ts'
import type { Layer, UnitView } from '../../../shared/capture/view.ts'
import { useSession } from '../../state/context.ts'
import { useSelected } from '../../state/unit.ts'
import { wireIndex } from './cells.ts'
import { bytesBefore, splitBySpan, withMarks } from './text.ts'

/** UTF-16 units of the block's text in front of the place that was clicked; null when the click was beside it. */
function charactersBefore(block: HTMLElement, event: MouseEvent): number | null {
  const place = document.caretRangeFromPoint(event.clientX, event.clientY)
  if (!place || !block.contains(place.startContainer)) return null
  const before = document.createRange()
  before.setStart(block, 0)
  before.setEnd(place.startContainer, place.startOffset)
  return before.toString().length
}

/** Where the text begins and what of it is marked, in bytes of the lane, or of the text where it was inflated. */
function textPlace(
  { at, reach, bytes }: Layer,
  span: Span | null,
): { readonly start: number; readonly marked: Span | null } {
  if (!reach || !span) return { start: reach ? 0 : at, marked: span }
  const madeAt = (offset: number) => reach[Math.max(0, offset - at)] ?? bytes.length
  return { start: 0, marked: { start: madeAt(span.start), end: madeAt(span.end) } }
}

interface Props {
  readonly unit: UnitView
  readonly layer: Layer
}

/** A unit as text. A click picks the byte of the character, and the picked bytes are marked. */
export function TextLayer({ unit, layer }: Props) {
  const session = useSession()
  const { focus } = useSelected()
  const { start, marked } = textPlace(layer, focus?.span ?? null)
  const parts = splitBySpan(layer.bytes, start, marked).map(withMarks)
  const pick = (event: MouseEvent<HTMLElement>) => {
    const characters = charactersBefore(event.currentTarget, event)
    if (characters === null) return
    const index = bytesBefore(splitBySpan(layer.bytes, layer.at, null)[0], characters)
    const offset = layer.at + (layer.reach ? wireIndex(layer.reach, index) : index)
    if (offset < unit.span.end) session.select({ lane: unit.lane, offset, span: { start: offset, end: offset + 1 } })
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the hex view moves the same selection by key
    <pre className="text-layer" data-testid="text-layer" onClick={pick}>
      {parts[0]}
      {parts[1] && <mark>{parts[1]}</mark>}
      {parts[2]}
    </pre>
  )
}
