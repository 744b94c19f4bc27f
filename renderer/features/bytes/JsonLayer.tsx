import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Layer, UnitView } from '../../../shared/capture/view.ts'
import { useSession } from '../../state/context.ts'
import { type ListHandle, VirtualList } from '../../ui/VirtualList.tsx'
import { besides, type JsonRow, jsonRows, moveOf, opensAtFirst, readJson } from './json.ts'
import { spanOfText, textOf } from './text.ts'

const rowHeight = 22

interface RowProps {
  readonly id: string
  readonly row: JsonRow
  readonly picked: boolean
  readonly onPick: () => void
  readonly onFold: () => void
}

function Row({ id, row, picked, onPick, onFold }: RowProps) {
  const { depth, name, value, type, open, place, of } = row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      className="json-row"
      aria-level={depth + 1}
      aria-posinset={place}
      aria-setsize={of}
      aria-selected={picked}
      {...(open !== null && { 'aria-expanded': open })}
      style={{ paddingLeft: 10 + depth * 16 }}
      onClick={onPick}
      onDoubleClick={onFold}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the row says whether it is open, and keys open it */}
      <i
        className="json-fold"
        onClick={(event) => {
          event.stopPropagation()
          onFold()
        }}
      >
        {open !== null && (open ? <ChevronDown size={13} /> : <ChevronRight size={13} />)}
      </i>
      {name !== null && <code className="json-name">{name}</code>}
      <code className={`json-value of-${type}`}>{value}</code>
    </div>
  )
}

/** Which nodes are unfolded, by where they start. */
function useFolds(unit: UnitView) {
  const [folds, setFolds] = useState<{ readonly of: number; readonly by: ReadonlyMap<number, boolean> }>({
    of: unit.span.start,
    by: new Map(),
  })
  const by = folds.of === unit.span.start ? folds.by : new Map<number, boolean>()
  const fold = (starts: readonly number[], open: boolean) =>
    setFolds({ of: unit.span.start, by: new Map([...by, ...starts.map((start) => [start, open] as const)]) })
  return { by, fold }
}

interface Props {
  readonly unit: UnitView
  readonly layer: Layer
}

/** A text as a tree of JSON. Picking a node picks its bytes in every layer. */
export function JsonLayer({ unit, layer }: Props) {
  const session = useSession()
  const id = useId()
  const list = useRef<ListHandle>(null)
  const tree = useMemo(() => readJson(textOf(layer.bytes) ?? ''), [layer.bytes])
  const { by, fold } = useFolds(unit)
  const [picked, setPicked] = useState<number | null>(null)
  const rows = jsonRows(tree, (start, depth) => by.get(start) ?? opensAtFirst(tree, depth))
  const at = rows.findIndex(({ start }) => start === picked)
  const selectText = (start: number, end: number) => {
    const span = spanOfText(layer, tree.text, start, end)
    if (span.start < unit.span.end) session.select({ lane: unit.lane, offset: span.start, span })
  }
  const pick = (index: number) => {
    const row = rows[index]!
    setPicked(row.start)
    list.current?.reveal(index)
    selectText(row.start, row.end)
  }
  const whenPressed = (event: KeyboardEvent) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? null : moveOf(event.key, rows, at)
    if (!move) return
    event.preventDefault()
    if (move.kind === 'go') pick(move.to)
    else if (move.kind === 'fold') fold([rows[at]!.start], move.open)
    else fold(besides(rows, at), true)
  }
  const { broken } = tree
  const isCut = unit.layerLimit !== undefined && layer.bytes.length >= unit.layerLimit
  return (
    <div className="json-layer">
      {isCut && <p className="json-note">The first {layer.bytes.length} bytes are read; the message has more.</p>}
      {broken && !(isCut && broken.at >= tree.text.length) && (
        <p className="json-note refused" role="status">
          {broken.says}{' '}
          <button type="button" className="link" onClick={() => selectText(broken.at, broken.at + 1)}>
            Show the byte
          </button>
        </p>
      )}
      <VirtualList
        label="JSON"
        role="tree"
        testId="json"
        handle={list}
        count={rows.length}
        rowHeight={rowHeight}
        active={at < 0 ? undefined : { id: `${id}-${rows[at]!.start}`, index: at }}
        onKeyDown={whenPressed}
        row={(index) => {
          const row = rows[index]!
          return (
            <Row
              id={`${id}-${row.start}`}
              row={row}
              picked={index === at}
              onPick={() => pick(index)}
              onFold={() => row.open !== null && fold([row.start], !row.open)}
            />
          )
        }}
      />
    </div>
  )
}
