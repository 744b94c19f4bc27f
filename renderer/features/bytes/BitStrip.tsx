import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { UnitView } from '../../../shared/capture/view.ts'
import { junkWords } from '../../../shared/endpoint/describeWords.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { useSelected } from '../../state/unit.ts'
import { Button } from '../../ui/Button.tsx'
import { formatOffset } from '../../ui/format.ts'
import { type BitGroup, bitGroups, bitsOf } from './bits.ts'
import { EditDialog } from './EditDialog.tsx'

interface GroupProps {
  readonly group: BitGroup
  readonly bits: readonly number[]
  readonly picked: boolean
  readonly onPick: () => void
}

function Group({ group, bits, picked, onPick }: GroupProps) {
  const wide = group.to - group.from
  return (
    <button
      type="button"
      className={`bit-group role-${group.role}`}
      aria-pressed={picked}
      style={{ gridColumn: `span ${wide}` }}
      title={[group.field.says, group.field.cite].filter(Boolean).join(' · ')}
      onClick={onPick}
    >
      <span className="bits" aria-hidden="true">
        {bits.slice(group.from, group.to).map((bit, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bit is its place
          <b key={index} className={bit ? 'on' : ''}>
            {bit}
          </b>
        ))}
      </span>
      <small>{group.label}</small>
    </button>
  )
}

/** The bits of the byte at the caret, bracketed by field. */
export function BitStrip({ value, held }: { readonly value: number | null; readonly held: boolean }) {
  const session = useSession()
  const { unit, focus } = useSelected()
  const picked = useWorld((world) => world.selection?.bits)
  const [editing, setEditing] = useState(false)
  if (!unit || !focus || value === null) {
    return (
      <section className="bit-strip" aria-label="Bits">
        <p>Pick a byte to see its bits.</p>
      </section>
    )
  }
  const groups = bitGroups(unit.fields, focus.byte)
  const bits = bitsOf(value)
  const hex = `0x${value.toString(16).padStart(2, '0')}`
  return (
    <section className="bit-strip" aria-label="Bits">
      <p aria-live="polite">
        <span>
          Byte <code className={`role-${groups.at(-1)?.role ?? 'value'}`}>{hex}</code> at{' '}
          <code>{formatOffset(focus.byte)}</code>, byte {(focus.byte - unit.span.start + 1).toLocaleString('en')} of the{' '}
          {nounOf(unit)}
          {held && ', held'}
        </span>
        <span className="grow" />
        {held && (
          <Button look="small" icon={<Pencil />} onClick={() => setEditing(true)}>
            Edit…
          </Button>
        )}
      </p>
      <div className="bit-groups">
        {groups.map((group) => (
          <Group
            key={`${group.from}:${group.field.name}`}
            group={group}
            bits={bits}
            picked={picked !== undefined && picked.from === group.from && picked.to === group.to}
            onPick={() =>
              session.select({
                lane: unit.lane,
                offset: focus.byte,
                span: { start: group.field.start, end: group.field.end },
                ...(group.field.bits && { bits: group.field.bits }),
              })
            }
          />
        ))}
      </div>
      {editing && <EditDialog unit={unit} span={focus.span ?? unit.span} onClose={() => setEditing(false)} />}
    </section>
  )
}

/** Bytes that are no unit of a dialect are called what they are, where it is known. */
function nounOf({ kind, title }: UnitView): string {
  if (kind !== 'junk') return kind
  return title === junkWords.title ? 'stray bytes' : title.toLowerCase()
}
