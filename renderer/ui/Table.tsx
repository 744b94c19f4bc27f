// A virtual list whose rows are picked: by click, or by key.
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { type ListHandle, VirtualList } from './VirtualList.tsx'

interface Props {
  readonly label: string
  /** Names of the columns; `columns` is the grid that lays them and the rows out. */
  readonly heads: readonly string[]
  readonly columns: string
  readonly count: number
  readonly row: (index: number) => ReactNode
  readonly onPick: (index: number) => void
  readonly onVisible: (from: number, to: number) => void
}

const rowHeight = 28

function targetOf(key: string, at: number, last: number): number | null {
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }
  const target = targets[key]
  return target === undefined ? null : Math.max(0, Math.min(last, target))
}

export function Table({ label, heads, columns, count, row, onPick, onVisible }: Props) {
  const id = useId()
  const [at, setAt] = useState<number | null>(null)
  const list = useRef<ListHandle>(null)
  const pick = (index: number) => {
    setAt(index)
    list.current?.reveal(index)
    onPick(index)
  }
  const whenPressed = (event: KeyboardEvent) => {
    const target = targetOf(event.key, at ?? -1, count - 1)
    if (target === null) return
    event.preventDefault()
    pick(target)
  }
  return (
    <div className="table" style={{ '--columns': columns } as Record<string, string>}>
      <div className="table-head" aria-hidden="true">
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      <VirtualList
        label={label}
        role="listbox"
        handle={list}
        count={count}
        rowHeight={rowHeight}
        active={at === null ? undefined : { id: `${id}-${at}`, index: at }}
        onVisible={onVisible}
        onKeyDown={whenPressed}
        row={(index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys
          <div
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            className="table-row"
            aria-selected={index === at}
            onClick={() => pick(index)}
          >
            {row(index)}
          </div>
        )}
      />
    </div>
  )
}
