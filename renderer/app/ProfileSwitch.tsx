import { Check, Shield, ShieldCheck } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type Restriction, restrictions } from '../../shared/profile/prototype2010.ts'
import { useSession, useWorld } from '../state/context.ts'

function RestrictionItem({ restriction: { title, why, lifted } }: { readonly restriction: Restriction }) {
  return (
    <div data-testid="restriction">
      <strong>{title}</strong>
      <small>Because {why}.</small>
      <small>{lifted}</small>
    </div>
  )
}

/** Keeps new runs to what the prototype of 2010 could do, and says what that was. */
export function ProfileSwitch() {
  const session = useSession()
  const on = useWorld((world) => world.app?.settings.profile) === 'prototype-2010'
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={`pill profile${on ? ' on' : ''}`}
        title="What the prototype of December 2010 could not do"
        aria-label={`2010 prototype profile: ${on ? 'on' : 'off'}`}
      >
        {on ? <ShieldCheck size={16} aria-hidden="true" /> : <Shield size={16} aria-hidden="true" />}
        2010
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu profile-menu" align="end" sideOffset={6}>
          <DropdownMenu.CheckboxItem
            className="menu-item"
            checked={on}
            onCheckedChange={(wanted) => void session.send(`profile ${wanted ? 'prototype-2010' : 'none'}`)}
          >
            <span className="menu-check">
              <DropdownMenu.ItemIndicator>
                <Check size={15} />
              </DropdownMenu.ItemIndicator>
            </span>
            New runs keep to what the prototype of December 2010 could do
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Group className="restrictions" aria-label="What it could not do">
            {Object.values(restrictions).map((restriction) => (
              <RestrictionItem key={restriction.id} restriction={restriction} />
            ))}
          </DropdownMenu.Group>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
