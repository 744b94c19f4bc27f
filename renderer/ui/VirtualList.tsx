// A list of any length of which only the visible rows exist.
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { type ScaledScroll, scaledScroll, scaleFor } from './scroll.ts'

export interface ListHandle {
  /** Brings a row into view, if it is not. */
  reveal(index: number): void
  focus(): void
}

interface Props {
  readonly label: string
  readonly role?: 'listbox' | 'list' | 'grid'
  readonly count: number
  /** Pixels of one row; a function where rows differ. */
  readonly rowHeight: number | ((index: number) => number)
  readonly row: (index: number) => ReactNode
  readonly className?: string
  readonly handle?: Ref<ListHandle>
  readonly testId?: string
  /** Id of the selected row, for screen readers. */
  readonly active?: string | undefined
  readonly onVisible?: (from: number, to: number) => void
  readonly onKeyDown?: (event: KeyboardEvent) => void
  /** The person scrolled by wheel, touch or bar. */
  readonly onScrollByHand?: () => void
}

type List = Virtualizer<HTMLDivElement, Element>

export function VirtualList(props: Props) {
  const box = useRef<HTMLDivElement>(null)
  const scroll = useRef<ScaledScroll | null>(null)
  const size = props.rowHeight
  const list: List = useVirtualizer<HTMLDivElement, Element>({
    count: props.count,
    getScrollElement: () => box.current,
    estimateSize: typeof size === 'number' ? () => size : size,
    overscan: 6,
    observeElementOffset: (instance, tell) => {
      const element = instance.scrollElement
      if (!element) return
      const made = scaledScroll(element, () => {
        const total = instance.getTotalSize()
        return { ...scaleFor(total, element.clientHeight), last: Math.max(0, total - element.clientHeight) }
      })
      scroll.current = made
      return made.watch((offset) => tell(offset, false))
    },
    scrollToFn: (offset) => scroll.current?.to(offset),
  })
  const shift = useRowShift(list, box.current, scroll.current)
  useVisible(list, props.onVisible)
  useImperativeHandle(
    props.handle,
    () => ({
      reveal: (index) => list.scrollToIndex(index, { align: 'auto' }),
      focus: () => box.current?.focus(),
    }),
    [list],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when the row height changes
  useEffect(() => list.measure(), [list, size])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is one of three that take keys
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: all three have a label and an active descendant
    <div
      ref={box}
      className={`virtual ${props.className ?? ''}`}
      role={props.role ?? 'list'}
      aria-label={props.label}
      aria-activedescendant={props.active}
      tabIndex={0}
      data-testid={props.testId}
      onKeyDown={props.onKeyDown}
      onWheel={props.onScrollByHand}
      onPointerDown={props.onScrollByHand && ((event) => event.target === box.current && props.onScrollByHand?.())}
    >
      <div className="virtual-room" role="presentation" style={{ height: shift.height }}>
        {list.getVirtualItems().map((item) => (
          <div
            key={item.key}
            role="presentation"
            className="virtual-row"
            style={{ height: item.size, transform: `translateY(${item.start - shift.by}px)` }}
          >
            {props.row(item.index)}
          </div>
        ))}
      </div>
    </div>
  )
}

/** How far rows are drawn above their place in the list, because the scrolled element is shorter than the list. */
function useRowShift(list: List, box: HTMLElement | null, scroll: ScaledScroll | null) {
  const { height, ratio } = scaleFor(list.getTotalSize(), box?.clientHeight ?? 0)
  return { height, by: ratio === 1 || !scroll || !box ? 0 : scroll.offset() - box.scrollTop }
}

function useVisible(list: List, tell: Props['onVisible']) {
  const items = list.getVirtualItems()
  const from = items[0]?.index ?? 0
  const to = (items.at(-1)?.index ?? -1) + 1
  useEffect(() => {
    if (to > from) tell?.(from, to)
  }, [from, to, tell])
}
