import { OctagonX, TriangleAlert } from 'lucide-react'
import type { Severity } from '../../shared/faults/catalogue.ts'

const looks = {
  violation: { icon: OctagonX, chip: 'fault', says: 'violation' },
  warning: { icon: TriangleAlert, chip: 'warning', says: 'warning' },
} as const satisfies Record<Severity, unknown>

/** What a rule that is broken, or only bent, is marked with: told apart by shape and word, not by colour alone. */
export function SeverityIcon({ severity }: { readonly severity: Severity }) {
  const { icon: Icon, says } = looks[severity]
  return <Icon role="img" aria-label={says} />
}

/** The code of a fault, in the look of its severity. */
export function FaultChip({ code, severity }: { readonly code: string; readonly severity: Severity }) {
  return <Chip severity={severity} text={code} title={`${looks[severity].says}: ${code}`} />
}

/** How many faults something has, in the look of the worst of them. */
export function FaultCount({ count, worst }: { readonly count: number; readonly worst: Severity }) {
  const title = worst === 'violation' ? 'Rules broken, violations among them' : 'Warnings only'
  return <Chip severity={worst} text={count.toLocaleString('en')} title={title} />
}

function Chip({ severity, text, title }: { severity: Severity; text: string; title: string }) {
  return (
    <span className={`chip code ${looks[severity].chip}`} title={title}>
      <SeverityIcon severity={severity} />
      <span>{text}</span>
    </span>
  )
}
