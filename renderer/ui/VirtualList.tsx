// A list of any length of which only the visible rows exist. Libraries for this keep something for every row; a lane of
// a gigabyte has sixty million.
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { offsetToShow, type RowSizes, rowsInView, topOf, totalHeight } from './rows.ts'
import { type ScaledScroll, scaledScroll, scaleFor } from './scroll.ts'
import { useViewHeight } from './useViewHeight.ts'

export interface ListHandle {
  /** Brings a row into view, if it is not. */
  reveal(index: number): void
}

interface Props {
  readonly label: string
  readonly role: 'listbox' | 'grid' | 'tree'
  readonly count: number
  /** Pixels of one row. */
  readonly rowHeight: number
  /** Pixels of the first row, where that differs. */
  readonly firstHeight?: number
  readonly row: (index: number) => ReactNode
  readonly className?: string
  readonly handle?: Ref<ListHandle>
  readonly testId?: string
  /** Id of what is selected, for screen readers, and the row it is in. */
  readonly active?: { readonly id: string; readonly index: number } | undefined
  readonly onVisible?: (from: number, to: number) => void
  readonly onKeyDown?: (event: KeyboardEvent) => void
  /** The person scrolled by wheel, touch or bar. */
  readonly onScrollByHand?: () => void
}

/** Rows that exist beyond the edges of the view. */
const extra = 6

/** The offset the box is scrolled to, and the way to scroll it. */
function useScroll(box: RefObject<HTMLElement | null>, sizes: RowSizes, view: number) {
  const [offset, setOffset] = useState(0)
  const scroll = useRef<ScaledScroll>(null)
  const now = useRef({ sizes, view })
  now.current = { sizes, view }
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const scale = () => scaleFor(totalHeight(now.current.sizes), element.clientHeight)
    const made = scaledScroll(element, scale, setOffset)
    scroll.current = made
    return () => made.stop()
  }, [box])
  const reveal = (index: number) => {
    const to = offsetToShow(index, scroll.current?.offset() ?? 0, now.current.view, now.current.sizes)
    if (to !== scroll.current?.offset()) scroll.current?.to(to)
  }
  return { offset, reveal }
}

export function VirtualList(props: Props) {
  const box = useRef<HTMLDivElement>(null)
  const view = useViewHeight(box)
  const sizes = { count: props.count, height: props.rowHeight, first: props.firstHeight ?? props.rowHeight }
  const { offset, reveal } = useScroll(box, sizes, view)
  const { from, to } = rowsInView(offset, view, extra, sizes)
  const { onVisible, active } = props
  useEffect(() => {
    if (view > 0 && to > from) onVisible?.(from, to)
  }, [from, to, view, onVisible])
  // What the selected row stood in view of may have become lower: something appeared below the list.
  const before = useRef(view)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another height is what this is about
  useLayoutEffect(() => {
    if (active && offsetToShow(active.index, offset, before.current, sizes) === offset) reveal(active.index)
    before.current = view
  }, [view])
  // What `reveal` needs is kept in refs, so the first one made stays right.
  const [handle] = useState<ListHandle>({ reveal })
  useImperativeHandle(props.handle, () => handle, [handle])
  const { height, ratio } = scaleFor(totalHeight(sizes), view)
  // Rows are drawn above their place in the list by as much as the scrolled element is shorter than the list.
  const shift = offset - offset / ratio
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is one that takes keys
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: all have a label and an active descendant
    <div
      ref={box}
      className={`virtual ${props.className ?? ''}`}
      role={props.role}
      aria-label={props.label}
      aria-activedescendant={active && active.index >= from && active.index < to ? active.id : undefined}
      tabIndex={0}
      data-testid={props.testId}
      onKeyDown={props.onKeyDown}
      onWheel={props.onScrollByHand}
      onPointerDown={(event) => event.target === box.current && props.onScrollByHand?.()}
    >
      <div className="virtual-room" role="presentation" style={{ height }}>
        {Array.from({ length: to - from }, (_, step) => from + step).map((index) => (
          <div
            key={index}
            role="presentation"
            className="virtual-row"
            style={{
              height: topOf(index + 1, sizes) - topOf(index, sizes),
              transform: `translateY(${topOf(index, sizes) - shift}px)`,
            }}
          >
            {props.row(index)}
          </div>
        ))}
      </div>
    </div>
  )
}
