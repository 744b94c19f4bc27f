import { roles } from '../../../shared/bytes/lanes.ts'
import { useSession } from '../../state/context.ts'
import { type Arrow, type Leg, placeOnLine, spokenRow } from './ladder.ts'
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
      {row.fault && <span className="chip fault">{row.fault.code}</span>}
    </div>
  )
}

interface Props {
  readonly arrow: Arrow
  readonly leg: Leg
  readonly selected: boolean
  readonly menu: boolean
  readonly onMenu: (open: boolean) => void
  readonly onSelect: () => void
}

/** One arrow between the lifelines, with what stands above it. */
export function Row({ arrow, leg, selected, menu, onMenu, onSelect }: Props) {
  const { highlight } = useSession()
  const { row } = arrow
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the focus and moves the selection by key
    // biome-ignore lint/a11y/useSemanticElements: a virtual list places its rows itself, which a table's cannot be
    <div
      id={`rung-${row.index}`}
      role="row"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={spokenRow(arrow, leg.ends)}
      className={`rung tone-${row.fault ? 'fault' : row.tone} ${arrow.phase}`}
      data-testid="ladder-row"
      data-index={row.index}
      data-phase={arrow.phase}
      data-leg={leg.at}
      onClick={onSelect}
      onContextMenu={(event) => {
        event.preventDefault()
        onSelect()
        onMenu(true)
      }}
      onPointerEnter={() => leg.shown && highlight.set('hover', { lane: row.lane, ...row.span })}
      onPointerLeave={() => highlight.set('hover', null)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="gridcell" tabIndex={-1}>
        {roles.map((role) => {
          const bracket = arrow.brackets[role]
          return bracket && <i key={role} className={`bracket ${bracket} by-${role}`} aria-hidden="true" />
        })}
        <Label arrow={arrow} />
        <Between {...leg} />
        <Shaft arrow={arrow} leg={leg} />
        <Badges arrow={arrow} />
        {row.kind !== 'dropped' && <UnitMenu arrow={arrow} open={menu} onOpenChange={onMenu} />}
      </div>
    </div>
  )
}
