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
  const { chip, says } = looks[severity]
  return (
    <span className={`chip code ${chip}`} title={`${says}: ${code}`}>
      <SeverityIcon severity={severity} />
      <span>{code}</span>
    </span>
  )
}
