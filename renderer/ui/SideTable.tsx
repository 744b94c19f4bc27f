// Tables that show the same units of several runs side by side: what does the same stands on the same row.
import {
  type CSSProperties,
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
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Tone } from '../../shared/capture/view.ts'
import { Direction } from './Direction.tsx'
import { formatSize } from './format.ts'
import { rowsInView } from './rows.ts'
import { useViewHeight } from './useViewHeight.ts'
import './side.css'

interface FrameProps {
  readonly label: string
  readonly className?: string
  /** How many columns share the width, where they are to keep theirs while rows come and go. */
  readonly columns?: number
  readonly box?: Ref<HTMLElement>
  readonly rowCount?: number
  readonly heads: ReactNode
  readonly body: ReactNode
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void
  readonly onScroll?: () => void
}

/** The table in a box that scrolls. */
export function SideTable({
  label,
  className = '',
  columns,
  box,
  rowCount,
  heads,
  body,
  onKeyDown,
  onScroll,
}: FrameProps) {
  return (
    <section
      ref={box}
      className={`side-table ${className}`}
      style={{ '--columns': columns } as CSSProperties}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to be able to do that too
      tabIndex={0}
      onScroll={onScroll}
    >
      <table aria-rowcount={rowCount} onKeyDown={onKeyDown}>
        <thead>
          <tr>{heads}</tr>
        </thead>
        <tbody>{body}</tbody>
      </table>
    </section>
  )
}

/** What a row is about: who sends it, and what it is called. */
export function SideRowHead({ lane, children }: { readonly lane: Lane; readonly children: ReactNode }) {
  return (
    <th scope="row">
      <Direction lane={lane} />
      {children}
    </th>
  )
}

interface CellProps {
  readonly column: string
  readonly title: string
  readonly tone?: Tone | 'fault'
  /** Bytes on the wire. */
  readonly size: number
  readonly onOpen: () => void
  readonly children: ReactNode
}

/** One unit of one run; it opens in the stepper. */
export function SideCell({ column, title, tone, size, onOpen, children }: CellProps) {
  return (
    <td>
      <button type="button" className={`side-cell ${tone ? `tone-${tone}` : ''}`} title={title} onClick={onOpen}>
        {tone && <i className="dot" aria-hidden="true" />}
        <span className="visually-hidden">{column}, </span>
        {children}
        {size > 0 && <code>{formatSize(size)}</code>}
      </button>
    </td>
  )
}

/** Where a run has no such unit. */
export function NoSideCell() {
  return <td className="side-none">–</td>
}

/** Pixels of a row of `side.css`. */
const rowHeight = 30
/** Rows that exist beyond the edges of the view. */
const extra = 6

export interface SideTableHandle {
  /** Puts the focus on the button of a cell, wherever it is. `column` counts from the one behind the row's head. */
  focus(row: number, column: number): void
}

interface VirtualProps extends Pick<FrameProps, 'label' | 'className' | 'columns' | 'heads' | 'onKeyDown'> {
  readonly count: number
  /** A `tr` with the index as its `data-index`. */
  readonly row: (index: number) => ReactNode
  readonly handle?: Ref<SideTableHandle>
  readonly onVisible?: (from: number, to: number) => void
}

/** The same for any number of rows, of which only the visible ones exist. They are all of one height. */
export function VirtualSideTable({ count, row, handle, onVisible, ...frame }: VirtualProps) {
  const box = useRef<HTMLElement>(null)
  const view = useViewHeight(box)
  const [offset, setOffset] = useState(0)
  const { from, to } = rowsInView(offset, view, extra, { count, height: rowHeight, first: rowHeight })
  useFocus(box, handle)
  useEffect(() => {
    if (view > 0 && to > from) onVisible?.(from, to)
  }, [from, to, view, onVisible])
  return (
    <SideTable
      {...frame}
      box={box}
      rowCount={count + 1}
      onScroll={() => setOffset(box.current?.scrollTop ?? 0)}
      body={
        <>
          <Room rows={from} />
          {Array.from({ length: to - from }, (_, step) => row(from + step))}
          <Room rows={count - to} />
        </>
      }
    />
  )
}

/** As high as the rows that do not exist. */
function Room({ rows }: { readonly rows: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: there is nothing in it to be focused
  return rows > 0 && <tr aria-hidden="true" style={{ height: rows * rowHeight }} />
}

/** A row that is far away exists only when the box was scrolled there: then its cell takes the focus. */
function useFocus(box: RefObject<HTMLElement | null>, handle: Ref<SideTableHandle> | undefined): void {
  const [wanted, setWanted] = useState<readonly [row: number, column: number] | null>(null)
  useImperativeHandle(handle, () => ({ focus: (row, column) => setWanted([row, column]) }), [])
  useLayoutEffect(() => {
    if (!wanted || !box.current) return
    const [row, column] = wanted
    const cell = () =>
      box.current?.querySelector<HTMLElement>(`[data-index="${row}"] td:nth-of-type(${column + 1}) button`)
    const there = cell()
    if (there) there.focus()
    else box.current.scrollTop = row * rowHeight - box.current.clientHeight / 2
    if (there) setWanted(null)
  })
}
