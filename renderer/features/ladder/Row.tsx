import { Copy, Crosshair, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { roles } from '../../../shared/bytes/lanes.ts'
import { useSession } from '../../state/context.ts'
import { type Arrow, gateLine, isHeld, spokenRow } from './ladder.ts'

function Item({ icon, does, children }: { icon: ReactNode; does: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={does}>
      {icon}
      {children}
    </DropdownMenu.Item>
  )
}

interface MenuProps {
  readonly arrow: Arrow
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What can be done to a unit: at the gate while it is held, and for later ones like it. */
function UnitMenu({ arrow: { row, ...arrow }, open, onOpenChange }: MenuProps) {
  const session = useSession()
  const edit = () => {
    session.select({ lane: row.lane, offset: row.span.start, span: { start: row.span.start, end: row.span.start + 1 } })
    document.querySelector<HTMLElement>('[data-testid="hex"]')?.focus()
  }
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger className="rung-menu" tabIndex={-1} aria-label={`Actions on ${row.label}`}>
        <Ellipsis size={15} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {isHeld({ row, ...arrow }) && (
            <>
              <Item icon={<Pencil />} does={edit}>
                Edit its bytes
              </Item>
              <Item icon={<Copy />} does={() => void session.send(gateLine('duplicate', row))}>
                Duplicate it
              </Item>
              <Item icon={<Trash2 />} does={() => void session.send(gateLine('drop', row))}>
                Drop it
              </Item>
              <div className="menu-line" />
            </>
          )}
          <Item icon={<Crosshair />} does={() => void session.send(gateLine('break here', row))}>
            Break at units like this
          </Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Shaft({ arrow }: { readonly arrow: Arrow }) {
  const percent = `${arrow.fraction * 100}%`
  return (
    <div className={`shaft ${arrow.rightwards ? 'right' : 'left'}`} aria-hidden="true">
      {arrow.phase !== 'done' && <i className="shaft-rest" />}
      <i className="shaft-done" style={{ width: percent }} />
      {arrow.phase === 'inFlight' && (
        <i className="shaft-bead" style={arrow.rightwards ? { left: percent } : { right: percent }} />
      )}
      {arrow.phase === 'dropped' ? (
        <b className="shaft-cross">×</b>
      ) : (
        arrow.phase === 'done' && <i className="shaft-tip" />
      )}
    </div>
  )
}

function Label({ arrow: { row, size, phase } }: { readonly arrow: Arrow }) {
  return (
    <div className="rung-label">
      <strong>{row.label}</strong>
      {row.preview && <span className="rung-preview">{row.preview}</span>}
      {size && <code>{size}</code>}
      {phase === 'dropped' && <span className="chip warning">dropped</span>}
      {row.edited && row.edited !== 'dropped' && <span className="chip warning">{row.edited}</span>}
      {row.fault && <span className="chip fault">{row.fault.code}</span>}
    </div>
  )
}

interface Props {
  readonly arrow: Arrow
  readonly selected: boolean
  readonly menu: boolean
  readonly onMenu: (open: boolean) => void
  readonly onSelect: () => void
}

/** One arrow between the lifelines, with what stands above it. */
export function Row({ arrow, selected, menu, onMenu, onSelect }: Props) {
  const { highlight } = useSession()
  const { row } = arrow
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the focus and moves the selection by key
    <div
      id={`rung-${row.index}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={spokenRow(arrow)}
      className={`rung tone-${row.fault ? 'fault' : row.tone} ${arrow.phase}`}
      data-testid="ladder-row"
      data-index={row.index}
      data-phase={arrow.phase}
      onClick={onSelect}
      onContextMenu={(event) => {
        event.preventDefault()
        onSelect()
        onMenu(true)
      }}
      onPointerEnter={() => highlight.set('hover', { lane: row.lane, ...row.span })}
      onPointerLeave={() => highlight.set('hover', null)}
    >
      {roles.map((role) => {
        const bracket = arrow.brackets[role]
        return bracket && <i key={role} className={`bracket ${bracket} by-${role}`} aria-hidden="true" />
      })}
      <Label arrow={arrow} />
      <Shaft arrow={arrow} />
      {row.kind !== 'dropped' && <UnitMenu arrow={arrow} open={menu} onOpenChange={onMenu} />}
    </div>
  )
}
