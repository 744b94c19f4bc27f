// The unit that is selected, asked for once and shown by several panes.
import { createContext, use, useEffect, useMemo } from 'react'
import type { UnitView } from '../../shared/capture/view.ts'
import { type Answered, useAnswer, useSession, useWorld } from './context.ts'
import { type Focus, focusOf, unitHolds } from './focus.ts'

export interface Selected {
  /** The old one until the new one is here. */
  readonly unit: UnitView | null
  readonly focus: Focus | null
  readonly asked: Answered<'unit'>
}

export const SelectedContext = createContext<Selected | null>(null)

export function useSelected(): Selected {
  const selected = use(SelectedContext)
  if (!selected) throw new Error('no selected unit around this component')
  return selected
}

/** Asks for the selected unit and lights its bytes. */
export function useSelectedUnit(): Selected {
  const { highlight } = useSession()
  const run = useWorld((world) => world.run?.id)
  const selection = useWorld((world) => world.selection)
  const asked = useAnswer(
    'unit',
    run !== undefined && selection ? { run, lane: selection.lane, offset: selection.offset } : null,
  )
  const unit = asked.answer
  const focus = useMemo(
    () => (selection && unitHolds(unit, selection) ? focusOf(unit, selection) : null),
    [unit, selection],
  )
  const { start, end } = focus?.span ?? { start: 0, end: 0 }
  const parts = focus?.parts
  const byte = focus?.byte ?? -1
  // What lies under a pointer that rests may be something else now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another unit is what ends the hover
  useEffect(() => highlight.set('hover', null), [highlight, unit])
  useEffect(() => {
    highlight.set('unit', unit && { lane: unit.lane, start: unit.span.start, end: unit.span.end })
    highlight.set('selected', unit && end > start ? { lane: unit.lane, start, end, parts } : null)
    highlight.set('caret', unit && byte >= 0 ? { lane: unit.lane, start: byte, end: byte + 1 } : null)
  }, [highlight, unit, start, end, parts, byte])
  return useMemo(() => ({ unit, focus, asked }), [unit, focus, asked])
}
