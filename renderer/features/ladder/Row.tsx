import { memo } from 'react'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { LadderRow } from '../../../shared/capture/view.ts'
import { useSession } from '../../state/context.ts'
import { FaultChip } from '../../ui/FaultChip.tsx'
import { type Arrow, type Chain, type Leg, legOf, onlyLeg, placeOnLine, spokenRow } from './ladder.ts'
import { UnitMenu } from './UnitMenu.tsx'

function Shaft({ arrow, leg }: { readonly arrow: Arrow; readonly leg: Leg }) {
  const percent = `${arrow.fraction * 100}%`
  return (
    <div className={`shaft ${arrow.rightwards ? 'right' : 'left'}`} style={shaftStyle(leg)} aria-hidden="true">
      {arrow.phase !== 'done' && <i className="shaft-rest" />}
      <i className="shaft-done" style={{ width: percent }} />
      {arrow.phase === 'inFlight' && (
        <i className="shaft-bead" style={arrow.rightwards ? { left: percent } : { right: percent }} />
      )}
      {arrow.phase === 'done' && <i className="shaft-tip" />}
    </div>
  )
}

/** Between the lines of its leg; the ends of the ladder are the style sheet's. */
function shaftStyle({ at, of }: Leg) {
  if (of === 1) return undefined
  return { left: `calc(${placeOnLine(at, of).left} + 3px)`, right: `calc(${placeOnLine(of - at - 1, of).left} + 3px)` }
}

/** As far outside the lines of its leg as at the ends of the ladder, which are the style sheet's. */
function bracketStyle(sender: Role, { at, of }: Leg) {
  if (of === 1) return undefined
  const edge = `calc(${placeOnLine(sender === 'client' ? at : of - at - 1, of).left} - 20px)`
  return sender === 'client' ? { left: edge } : { right: edge }
}

/** Those of messages of several frames, each at its leg. */
function Brackets({ arrow, chain }: Pick<Props, 'arrow' | 'chain'>) {
  return arrow.brackets.map(({ connection, sender, piece }) => (
    <i
      key={`${connection} ${sender}`}
      className={`bracket ${piece} by-${sender}`}
      style={bracketStyle(sender, legIn(chain, connection))}
      data-testid="bracket"
      aria-hidden="true"
    />
  ))
}

function legIn(chain: Chain | null, connection: number): Leg {
  return chain ? legOf(connection, chain) : onlyLeg
}

/** The lines of what stands in between. */
function Between({ of }: Leg) {
  return Array.from({ length: of - 1 }, (_, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: places do not move
    <i key={place} className="lifeline" style={placeOnLine(place + 1, of)} aria-hidden="true" />
  ))
}

function Label({ arrow: { row, size } }: { readonly arrow: Arrow }) {
  return (
    <div className="rung-label">
      <strong>{row.label}</strong>
      {row.preview && <span className="rung-preview">{row.preview}</span>}
      {size && <code>{size}</code>}
    </div>
  )
}

/** What went wrong or was done at the gate, on the arrow itself. */
function Badges({ arrow: { row } }: { readonly arrow: Arrow }) {
  if (!row.edited && !row.fault) return null
  return (
    <div className="rung-badges">
      {row.edited && <span className="chip warning">{row.edited}</span>}
      {row.fault && <FaultChip {...row.fault} />}
    </div>
  )
}

interface Props {
  readonly arrow: Arrow
  /** The run, where nodes stand in between. */
  readonly chain: Chain | null
  readonly selected: boolean
  readonly menu: boolean
  /** Opens the menu of a row by its index; null closes it. */
  readonly onMenu: (index: number | null) => void
  readonly onSelect: (row: LadderRow) => void
}

/** One arrow between the lifelines, with what stands above it. */
export const Row = memo(function Row({ arrow, chain, selected, menu, onMenu, onSelect }: Props) {
  const { highlight } = useSession()
  const { row } = arrow
  const leg = legIn(chain, row.connection)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the focus and moves the selection by key
    // biome-ignore lint/a11y/useSemanticElements: a virtual list places its rows itself, which a table's cannot be
    <div
      id={`rung-${row.index}`}
      role="row"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={spokenRow(arrow, leg.ends)}
      className={`rung tone-${row.fault?.severity === 'violation' ? 'fault' : row.tone} ${arrow.phase}`}
      data-testid="ladder-row"
      data-index={row.index}
      data-phase={arrow.phase}
      data-leg={leg.at}
      onClick={() => onSelect(row)}
      onContextMenu={(event) => {
        event.preventDefault()
        onSelect(row)
        onMenu(row.index)
      }}
      onPointerEnter={() => leg.shown && highlight.set('hover', { lane: row.lane, ...row.span })}
      onPointerLeave={() => highlight.set('hover', null)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="gridcell" tabIndex={-1}>
        <Brackets arrow={arrow} chain={chain} />
        <Label arrow={arrow} />
        <Between {...leg} />
        <Shaft arrow={arrow} leg={leg} />
        <Badges arrow={arrow} />
        {row.kind !== 'dropped' && (
          <UnitMenu arrow={arrow} open={menu} onOpenChange={(open) => onMenu(open ? row.index : null)} />
        )}
      </div>
    </div>
  )
})
