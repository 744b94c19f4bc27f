import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import { useSelected } from '../../state/unit.ts'
import { type ListHandle, VirtualList } from '../../ui/VirtualList.tsx'
import { caretAfter, cellsOf, leafAt, onLane, onSheet, rowCount, rowHeight, rowOf, type Sheet } from './cells.ts'
import { editLine, type Typed, typeDigit } from './editing.ts'
import { HexRow } from './HexRow.tsx'

function offsetUnder(event: { readonly target: EventTarget }): number | null {
  const cell = event.target instanceof HTMLElement ? event.target.getAttribute('data-offset') : null
  return cell === null ? null : Number(cell)
}

function cellAt(sheet: Sheet, offset: number) {
  return cellsOf(sheet, rowOf(sheet, offset)).find((cell) => cell?.offset === offset) ?? null
}

/** Picking a byte picks the field it is in; the byte itself stays the one whose bits are shown. */
function usePick(sheet: Sheet) {
  const session = useSession()
  return (place: number) => {
    const offset = onLane(sheet, place)
    const leaf = sheet.inflated ? null : leafAt(sheet.leaves, place)
    const span = leaf && sheet.base === 0 ? { start: leaf.start, end: leaf.end } : { start: offset, end: offset + 1 }
    session.select({ lane: sheet.lane, offset, span })
  }
}

/** Hex digits overwrite the held byte at the caret, Delete takes it away. */
function useEditing(sheet: Sheet, caret: number | null, pick: (offset: number) => void) {
  const session = useSession()
  const [typed, setTyped] = useState<Typed | null>(null)
  const whenPressed = (event: KeyboardEvent): boolean => {
    const cell = caret === null ? null : cellAt(sheet, caret)
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'Delete' && cell.phase !== 'delivered') {
      void session.send(editLine(sheet.lane, cell.offset, 1, ''))
      return true
    }
    if (!/^[0-9a-f]$/i.test(event.key)) return false
    const keyed = typeDigit(event.key, sheet.lane, cell, typed)
    setTyped(keyed.kind === 'first' ? keyed.typed : null)
    if (keyed.kind === 'refused') session.show({ refusal: keyed.says })
    if (keyed.kind === 'whole') void session.send(keyed.line).then(({ ok }) => ok && pick(cell.offset + 1))
    return true
  }
  return { typed, whenPressed }
}

/** Brings what is selected into view: the byte, or the start of the unit. */
function useReveal(sheet: Sheet, list: { readonly current: ListHandle | null }) {
  const selection = useWorld((world) => world.selection)
  const { unit, focus } = useSelected()
  const from = onSheet(sheet, focus?.span ? focus.byte : (unit?.span.start ?? 0))
  const to = onSheet(sheet, focus?.span ? focus.byte : (unit?.span.end ?? 1) - 1)
  const ready = focus !== null && selection?.lane === sheet.lane && from < sheet.length
  const whole = to < sheet.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection moves the view, or the rest of it that arrives
  useEffect(() => {
    if (!ready) return
    list.current?.reveal(Math.max(0, rowOf(sheet, Math.min(to, sheet.length - 1))))
    list.current?.reveal(Math.max(0, rowOf(sheet, from)))
  }, [ready, whole, from, to, sheet.base, sheet.lane])
}

interface Props {
  readonly sheet: Sheet
  readonly editable: boolean
  readonly onVisible?: (from: number, to: number) => void
}

/** Bytes in rows of sixteen, with a caret. */
export function Hex({ sheet, editable, onVisible }: Props) {
  const { highlight } = useSession()
  const { focus } = useSelected()
  const list = useRef<ListHandle>(null)
  const caret = focus ? onSheet(sheet, focus.byte) : null
  const pick = usePick(sheet)
  const editing = useEditing(sheet, caret, pick)
  useReveal(sheet, list)
  const hover = (event: PointerEvent) => {
    const offset = offsetUnder(event)
    const leaf = offset === null ? null : leafAt(sheet.leaves, offset)
    if (sheet.inflated && offset !== null) {
      const at = onLane(sheet, offset)
      highlight.set('hover', { lane: sheet.lane, start: at, end: at + 1 })
    } else highlight.set('hover', leaf && { lane: sheet.lane, start: leaf.start, end: leaf.end })
  }
  const whenPressed = (event: KeyboardEvent) => {
    const target = event.ctrlKey || event.metaKey ? null : caretAfter(event.key, caret ?? sheet.base, sheet)
    if (target !== null) pick(target)
    if (target !== null || (editable && editing.whenPressed(event))) event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list inside takes keys; clicks bubble up to here
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      className="hex"
      onPointerOver={hover}
      onPointerLeave={() => highlight.set('hover', null)}
      onClick={(event) => {
        const offset = offsetUnder(event)
        if (offset !== null) pick(offset)
      }}
    >
      <VirtualList
        label="Bytes"
        role="grid"
        testId="hex"
        handle={list}
        count={rowCount(sheet)}
        rowHeight={rowHeight}
        row={(row) => <HexRow sheet={sheet} row={row} />}
        active={
          caret !== null && cellAt(sheet, caret) ? { id: `byte-${caret}`, index: rowOf(sheet, caret) } : undefined
        }
        onKeyDown={whenPressed}
        {...(onVisible && { onVisible })}
      />
      {editing.typed && (
        <p className="typing" role="status">
          Byte {editing.typed.digit}_: type the second digit.
        </p>
      )}
    </div>
  )
}
