import { ChevronDown, ChevronRight, Radio } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { ConnectionView, LadderRow } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useRows } from '../../state/rows.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { formatCount } from '../../ui/format.ts'
import { type ListHandle, VirtualList } from '../../ui/VirtualList.tsx'
import { type Foot, footOf } from './foot.ts'
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
} from './ladder.ts'
import { Row } from './Row.tsx'
import './ladder.css'

function useArrows() {
  const { rows, ...rest } = useRows('rows')
  return { ...rest, arrows: arrowsOf(rows) }
}

/** The length of the handshake is known once the first rows were seen, and stays known further down. */
function useHandshake(from: number, rows: readonly LadderRow[]): number {
  const known = useRef(0)
  if (from === 0) known.current = handshakeRows(rows)
  return known.current
}

function Ends({ connection }: { readonly connection: ConnectionView | undefined }) {
  const where = connection?.inProcess ? 'in process' : 'remote'
  return (
    <div className="ends">
      <span className="of-client">
        <i className="dot" />
        Client <small>{where}</small>
      </span>
      <span className="of-server">
        <small>{where}</small> Server
        <i className="dot" />
      </span>
    </div>
  )
}

interface FoldProps {
  readonly rows: number
  readonly folded: boolean
  readonly toggle: () => void
}

function Fold({ rows, folded, toggle }: FoldProps) {
  return (
    <button type="button" className="fold" aria-expanded={!folded} onClick={toggle}>
      {folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
      Handshake
      <small>{formatCount(rows, 'unit')}</small>
    </button>
  )
}

function Head({ connection }: { readonly connection: ConnectionView | undefined }) {
  const { send } = useSession()
  const connections = useWorld((world) => world.run?.connections) ?? []
  return (
    <div className="pane-head">
      <h2>Ladder</h2>
      {connections.length > 1 && (
        <select
          className="pick"
          aria-label="Connection"
          value={connection?.id}
          onChange={(event) => void send(`connection ${event.target.value}`)}
        >
          {connections.map(({ id }) => (
            <option key={id} value={id}>
              connection {id}
            </option>
          ))}
        </select>
      )}
      <span className="aside">
        {connection && `${connection.server.host}:${connection.server.port}`}
        {connection?.seed !== undefined && ` · seed ${connection.seed}`}
      </span>
    </div>
  )
}

/** What happened between the ends, one arrow a unit. `footer` stands under the list. */
export function Ladder({ footer }: { readonly footer: ReactNode }) {
  const session = useSession()
  const run = useWorld((world) => world.run)
  const selection = useWorld((world) => world.selection)
  const list = useRef<ListHandle>(null)
  const [folded, setFolded] = useState(false)
  const [byHand, setByHand] = useState(false)
  const [menu, setMenu] = useState<number | null>(null)
  const rows = useArrows()
  const handshake = useHandshake(
    rows.from,
    rows.arrows.map(({ row }) => row),
  )
  const connection = run?.connections.find(({ id }) => id === run.connection)
  const active = rows.arrows.find(({ row }) => isSelected(row, selection))?.row.index

  const select = ({ row }: Arrow) => session.select({ lane: row.lane, offset: row.span.start, span: null })
  const goTo = (index: number) => {
    const arrow = rows.arrows[index - rows.from]
    if (arrow) select(arrow)
    list.current?.reveal(lineOfRow(index, handshake, folded))
  }
  const whenPressed = (event: KeyboardEvent) => {
    if (active !== undefined && (event.key === 'Enter' || event.key === 'ContextMenu')) {
      event.preventDefault()
      return setMenu(active)
    }
    const target = targetOfKey(event.key, active ?? rows.from, rows.total)
    if (target === null) return
    event.preventDefault()
    goTo(target)
  }

  // The list follows the step that was just made, unless the person scrolled away; the next step takes it along again.
  const cursor = `${run?.id}:${run?.cursor.record}:${run?.cursor.bytes}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a moved cursor is what ends scrolling by hand
  useEffect(() => setByHand(false), [cursor])
  const followed = active ?? (run && rows.total > 0 ? Math.min(run.rowsDone, rows.total - 1) : undefined)
  useEffect(() => {
    if (!byHand && followed !== undefined) list.current?.reveal(lineOfRow(followed, handshake, folded))
  }, [byHand, followed, handshake, folded])

  const line = (index: number) => {
    const at = rowAtLine(index, handshake, folded)
    if (at === 'fold') return <Fold rows={handshake} folded={folded} toggle={() => setFolded(!folded)} />
    const arrow = rows.arrows[at - rows.from]
    if (!arrow) return <div className="rung waiting" aria-hidden="true" />
    return (
      <Row
        arrow={arrow}
        selected={at === active}
        menu={at === menu}
        onMenu={(open) => setMenu(open ? at : null)}
        onSelect={() => select(arrow)}
      />
    )
  }
  return (
    <section className="pane ladder" aria-label="Ladder">
      <Head connection={connection} />
      <Ends connection={connection} />
      {rows.error && <Trouble says={rows.error} retry={rows.retry} />}
      {rows.loaded && rows.total === 0 ? (
        <Empty title="Nothing on the wire yet" icon={<Radio />}>
          <p>Send something from an end, or step on in the record.</p>
        </Empty>
      ) : (
        <VirtualList
          label="Units on the wire"
          role="listbox"
          className="rungs"
          testId="ladder"
          handle={list}
          count={lineCount(rows.total, handshake, folded)}
          rowHeight={handshake < 2 ? rowHeight : foldingHeight}
          row={line}
          active={active === undefined ? undefined : `rung-${active}`}
          onKeyDown={whenPressed}
          onScrollByHand={() => setByHand(true)}
          onVisible={(from, to) => rows.whenVisible(from, to + handshake)}
        />
      )}
      {run && <Footer foot={footOf(run)} />}
      {footer}
    </section>
  )
}

function foldingHeight(line: number): number {
  return line === 0 ? foldHeight : rowHeight
}

function Footer({ foot }: { readonly foot: Foot }) {
  return (
    <p className={`ladder-foot ${foot.look}`} data-testid="ladder-foot">
      {foot.says}
    </p>
  )
}

function targetOfKey(key: string, active: number, total: number): number | null {
  const last = total - 1
  const targets: Record<string, number> = {
    ArrowDown: Math.min(active + 1, last),
    ArrowUp: Math.max(active - 1, 0),
    PageDown: Math.min(active + 10, last),
    PageUp: Math.max(active - 10, 0),
    Home: 0,
    End: last,
  }
  return targets[key] ?? null
}
