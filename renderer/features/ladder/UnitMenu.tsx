import { Copy, Crosshair, Ellipsis, Pencil, PenLine, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useSession } from '../../state/context.ts'
import { type Arrow, gateLine, isHeld } from './ladder.ts'

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
export function UnitMenu({ arrow: { row, ...arrow }, open, onOpenChange }: MenuProps) {
  const session = useSession()
  const edit = () => {
    session.select({ lane: row.lane, offset: row.span.start, span: { start: row.span.start, end: row.span.start + 1 } })
    document.querySelector<HTMLElement>('[data-testid="hex"]')?.focus()
  }
  const rewrite = () => {
    session.select({ lane: row.lane, offset: row.span.start, span: null })
    session.show({ overlay: 'rewrite' })
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
              {row.kind === 'frame' && (
                <Item icon={<PenLine />} does={rewrite}>
                  Rewrite its payload
                </Item>
              )}
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
