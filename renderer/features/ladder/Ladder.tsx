import { ListFilter, Radio } from 'lucide-react'
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { LadderRow } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { keepEqual } from '../../state/keepEqual.ts'
import { useRows } from '../../state/rows.ts'
import type { Session } from '../../state/session.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { type ListHandle, VirtualList } from '../../ui/VirtualList.tsx'
import { FilterBar } from './FilterBar.tsx'
import { Ends, Fold, Footer, Head, Said } from './Frame.tsx'
import {
  type Arrow,
  arrowsOf,
  foldHeight,
  handshakeRows,
  isSelected,
  lineCount,
  lineOfRow,
  rowAtLine,
  rowHeight,
  targetOfKey,
} from './ladder.ts'
import { locateRow, type ReadRows } from './locate.ts'
import { Row } from './Row.tsx'
import './ladder.css'

/** All rows, or those that the run's filter shows: then what stands in between is not there, and no brackets are. */
type Source = 'rows' | 'matches'

/** The rows around what is visible, as arrows. */
function useArrows(source: Source) {
  const done = useWorld((world) => world.run?.rowsDone ?? 0)
  const { rows, ...rest } = useRows(source)
  const kept = useRef<readonly Arrow[]>([])
  const made = arrowsOf(rows, done).map((arrow) => (source === 'rows' ? arrow : { ...arrow, brackets: [] }))
  // An arrow that is as it was is not drawn again; one of another row is another.
  kept.current = made.map((arrow, at) => {
    const before = kept.current[at]
    return before?.row === arrow.row ? keepEqual(before, arrow) : arrow
  })
  return { ...rest, arrows: kept.current }
}

/** The length of the handshake, which a filter does not fold, is known once the first rows were seen, and stays known further down. */
function useHandshake(source: Source, from: number, arrows: readonly Arrow[]): number {
  const of = useWorld(({ run }) => `${run?.id}:${run?.connection}`)
  const known = useRef({ of, rows: 0 })
  if (from === 0) known.current = { of, rows: handshakeRows(arrows.map(({ row }) => row)) }
  return source === 'rows' && known.current.of === of ? known.current.rows : 0
}

/** Brings the selected row into view after each step, unless the person scrolled away since. */
function useFollowing(list: RefObject<ListHandle | null>, line: number | null) {
  const [byHand, setByHand] = useState(false)
  const cursor = useWorld(({ run }) => `${run?.id}:${run?.cursor.record}:${run?.cursor.bytes}`)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a moved cursor is what ends scrolling by hand
  useEffect(() => setByHand(false), [cursor])
  useEffect(() => {
    if (!byHand && line !== null) list.current?.reveal(line)
  }, [byHand, line, list])
  return () => setByHand(true)
}

/** A lane with a few rows among very many of the other is not searched to the end. */
const mostQuestions = 100

/** The row of a selection that is not among the rows at hand: asked for, unless it is simply the newest. */
function useFarRow(missing: boolean, total: number): number | null {
  const { bridge } = useSession()
  const run = useWorld((world) => world.run?.id)
  const connection = useWorld((world) => world.run?.connection)
  const done = useWorld((world) => world.run?.rowsDone ?? 0)
  const selection = useWorld((world) => world.selection)
  const [found, setFound] = useState<number | null>(null)
  const { lane, offset, follows = true } = selection ?? {}
  useEffect(() => {
    setFound(null)
    if (
      !missing ||
      run === undefined ||
      connection === undefined ||
      lane === undefined ||
      offset === undefined ||
      follows
    )
      return
    let wanted = true
    let left = mostQuestions
    const read: ReadRows = async (from, count) => {
      const answer = wanted && left-- > 0 ? await bridge.request('rows', { run, from, count }) : null
      return answer?.ok ? answer.value.rows : null
    }
    void locateRow(read, { low: 0, high: total }, lane, offset, connection).then((row) => wanted && setFound(row))
    return () => {
      wanted = false
    }
  }, [bridge, missing, run, connection, total, lane, offset, follows])
  if (!missing || selection === null) return null
  return follows && total > 0 ? Math.max(0, Math.min(done, total) - 1) : found
}

/** The arrows, their selection and their keys. Places count the rows of the source, from 0. */
const Arrows = memo(function Arrows({ source }: { readonly source: Source }) {
  const session = useSession()
  const selection = useWorld((world) => world.selection)
  const connection = useWorld((world) => world.run?.connection) ?? 0
  const policy = useWorld(({ run }) => run?.connections.some(({ id, policy }) => id === run.connection && policy))
  // Null for a run without nodes in between, which is then not drawn anew at every change.
  const chain = useWorld((world) => (world.run && world.run.via.length > 0 ? world.run : null))
  const list = useRef<ListHandle>(null)
  const [folded, setFolded] = useState(false)
  const [menu, setMenu] = useState<number | null>(null)
  const rows = useArrows(source)
  const handshake = useHandshake(source, rows.from, rows.arrows)
  const selected = rows.arrows.findIndex(({ row }) => isSelected(row, selection, connection))
  const active = selected < 0 ? null : rows.from + selected
  const lineOf = (row: number) => lineOfRow(row, handshake, folded)
  const isUnfolded = active !== null && rowAtLine(lineOf(active), handshake, folded) === active
  const far = useFarRow(source === 'rows' && rows.loaded && active === null, rows.total)
  const wanted = active ?? far
  const leave = useFollowing(list, wanted === null ? null : lineOf(wanted))

  const select = useCallback((row: LadderRow) => void selectRow(session, row), [session])
  const whenPressed = (event: KeyboardEvent) => {
    const opens = active !== null && (event.key === 'Enter' || event.key === 'ContextMenu')
    const target = opens ? null : targetOfKey(event.key, active ?? rows.from, rows.total)
    if (!opens && target === null) return
    event.preventDefault()
    if (target === null) return setMenu(rows.arrows[selected]?.row.index ?? null)
    const arrow = rows.arrows[target - rows.from]
    if (arrow) select(arrow.row)
    list.current?.reveal(lineOf(target))
  }
  const draw = (line: number) => {
    const at = rowAtLine(line, handshake, folded)
    if (at === 'fold') {
      const name = policy ? 'Policy exchange' : 'Handshake'
      return <Fold name={name} rows={handshake} folded={folded} toggle={() => setFolded(!folded)} />
    }
    const arrow = rows.arrows[at - rows.from]
    if (!arrow) return <div className="rung waiting" aria-hidden="true" />
    return (
      <Row
        arrow={arrow}
        chain={chain}
        selected={at === active}
        menu={arrow.row.index === menu}
        onMenu={setMenu}
        onSelect={select}
      />
    )
  }

  if (rows.error) return <Trouble says={rows.error} retry={rows.retry} />
  if (rows.loaded && rows.total === 0) return source === 'rows' ? <NothingYet /> : <NothingMatches />
  return (
    <VirtualList
      label="Units on the wire"
      role="grid"
      className="rungs"
      testId="ladder"
      handle={list}
      count={lineCount(rows.total, handshake, folded)}
      rowHeight={rowHeight}
      firstHeight={handshake < 2 ? rowHeight : foldHeight}
      row={draw}
      active={isUnfolded ? { id: `rung-${rows.arrows[selected]?.row.index}`, index: lineOf(active) } : undefined}
      onKeyDown={whenPressed}
      onScrollByHand={leave}
      onVisible={(from, to) => rows.whenVisible(from, to + handshake)}
    />
  )
})

/** A row of another leg is shown with its connection. */
async function selectRow(session: Session, row: LadderRow): Promise<void> {
  if (row.connection !== session.world.getState().run?.connection) {
    const turned = await session.send(`connection ${row.connection}`, { quiet: true })
    if (!turned.ok) return
  }
  session.select({ lane: row.lane, offset: row.span.start, span: null })
}

function NothingYet() {
  return (
    <div className="grow">
      <Empty title="Nothing on the wire yet" icon={<Radio />}>
        <p>Send something from an end, or step on in the record.</p>
      </Empty>
    </div>
  )
}

function NothingMatches() {
  return (
    <div className="grow">
      <Empty title="No unit matches the filter" icon={<ListFilter />}>
        <p>Change it, or clear it to see all units again.</p>
      </Empty>
    </div>
  )
}

/** What happened between the ends, one arrow a unit. `footer` stands under the list. */
export function Ladder({ footer }: { readonly footer: ReactNode }) {
  const run = useWorld((world) => world.run)
  const connection = run?.connections.find(({ id }) => id === run.connection)
  const source = run?.filter ? 'matches' : 'rows'
  return (
    <section className="pane ladder" aria-label="Ladder">
      <Head connection={connection} />
      <FilterBar />
      <Ends connection={connection} via={run?.via ?? []} />
      <Arrows key={source} source={source} />
      {run?.said && <Said node={run.said.node} says={run.said.says} />}
      {run && <Footer run={run} />}
      {footer}
    </section>
  )
}
