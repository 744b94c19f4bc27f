// What was changed at the gate, by the unit it is in.
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { EditLabel } from './record.ts'
import type { World } from './viewsUnits.ts'

/** Tells what a span of a lane's gate stream is called because of the edits in it; undefined when there are none. */
export function editMarker({ connection, cursor }: World): (lane: Lane, span: Span) => EditLabel | undefined {
  return (lane, span) => connection.editsAt(lane, cursor).find((edit) => touches(edit, span))?.label
}

/** Where bytes only went, the place is empty: it is in the unit that goes on after it, and between units in none. */
function touches(edit: Span & { readonly label: EditLabel }, span: Span): boolean {
  if (edit.start < edit.end) return edit.start < span.end && edit.end > span.start
  const first = edit.label === 'dropped' ? span.start + 1 : span.start
  return edit.start >= first && edit.start < span.end
}
