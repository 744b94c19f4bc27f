import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { type JsonBreak, type JsonRow, jsonRows, opensAtFirst, readJson } from '../../../shared/bytes/json.ts'
import type { TextView, UnitView } from '../../../shared/capture/view.ts'
import { partsSay } from '../../../shared/commands/jsonText.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { Trouble } from '../../ui/Empty.tsx'
import { type ListHandle, VirtualList } from '../../ui/VirtualList.tsx'
import { besides, moveOf } from './json.ts'
import { joinedText, placesOfText } from './text.ts'

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

/** Which nodes were folded or unfolded, by where they start. */
function useFolds() {
  const [by, setBy] = useState<ReadonlyMap<number, boolean>>(new Map())
  const fold = (starts: readonly number[], open: boolean) =>
    setBy(new Map([...by, ...starts.map((start) => [start, open] as const)]))
  return { by, fold }
}

interface NotesProps {
  readonly text: TextView
  readonly broken: JsonBreak | null
  readonly onShow: () => void
}

function Notes({ text, broken, onShow }: NotesProps) {
  const says = partsSay(text)
  return (
    <>
      {says && <p className="layer-note">{says}</p>}
      {broken && (
        <p className="layer-note refused" role="status">
          {broken.says}{' '}
          <button type="button" className="link" onClick={onShow}>
            Show the byte
          </button>
        </p>
      )}
    </>
  )
}

function JsonTree({ text }: { readonly text: TextView }) {
  const session = useSession()
  const id = useId()
  const list = useRef<ListHandle>(null)
  const tree = useMemo(() => readJson(joinedText(text.parts) ?? ''), [text.parts])
  const { by, fold } = useFolds()
  const [picked, setPicked] = useState<number | null>(null)
  const rows = jsonRows(tree, (start, depth) => by.get(start) ?? opensAtFirst(tree, depth))
  const at = rows.findIndex(({ start }) => start === picked)
  const selectText = (start: number, end: number) => {
    const parts = placesOfText(text.parts, tree.text, start, end)
    const [first, last] = [parts[0], parts.at(-1)]
    if (!first || !last) return
    const span = { start: first.start, end: last.end }
    session.select({ lane: text.lane, offset: first.start, span, ...(parts.length > 1 && { parts }) })
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
  const isCut = (text.more || !text.ended) && tree.broken !== null && tree.broken.at >= tree.text.length
  const broken = isCut ? null : tree.broken
  return (
    <div className="json-layer">
      <Notes text={text} broken={broken} onShow={() => broken && selectText(broken.at, broken.at + 1)} />
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

/** The text that a unit is a part of, as a tree of JSON. Picking a node picks its bytes, in all frames it is in. */
export function JsonLayer({ unit: { lane, span } }: { readonly unit: UnitView }) {
  const run = useWorld((world) => world.run?.id)
  const { answer, error, retry } = useAnswer('text', run === undefined ? null : { run, lane, offset: span.start })
  if (error) return <Trouble says={error} retry={retry} />
  return answer ? <JsonTree key={`${run} ${answer.lane} ${answer.start}`} text={answer} /> : <div className="grow" />
}
