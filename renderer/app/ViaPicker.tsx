import { ArrowRight, Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type IntermediaryKind, intermediaries, intermediaryKinds } from '../../shared/intermediaries/intermediary.ts'

interface Props {
  /** From the client on, in the order they were picked. */
  readonly via: readonly IntermediaryKind[]
  readonly onChange: (via: readonly IntermediaryKind[]) => void
}

/** What stands between the ends of the next lab run. */
export function ViaPicker({ via, onChange }: Props) {
  const toggle = (kind: IntermediaryKind) =>
    onChange(via.includes(kind) ? via.filter((other) => other !== kind) : [...via, kind])
  return (
    <DropdownMenu.Group className="via" aria-label="Between the ends">
      <DropdownMenu.Label className="menu-label">What stands between its ends</DropdownMenu.Label>
      <div className="menu-label chain">
        Client
        {via.map((kind) => (
          <span key={kind}>
            <ArrowRight size={12} aria-hidden="true" /> {intermediaries[kind].name}
          </span>
        ))}
        <span>
          <ArrowRight size={12} aria-hidden="true" /> Server
        </span>
      </div>
      <div className="via-kinds">
        {intermediaryKinds.map((kind) => (
          <DropdownMenu.CheckboxItem
            key={kind}
            className="menu-item"
            title={intermediaries[kind].says}
            checked={via.includes(kind)}
            disabled={!via.includes(kind) && via.length === 4}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={() => toggle(kind)}
          >
            <span className="menu-check">
              <DropdownMenu.ItemIndicator>
                <Check size={15} />
              </DropdownMenu.ItemIndicator>
            </span>
            {intermediaries[kind].name}
          </DropdownMenu.CheckboxItem>
        ))}
      </div>
    </DropdownMenu.Group>
  )
}
