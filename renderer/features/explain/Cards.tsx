import { Check, CircleDashed, X } from 'lucide-react'
import type { Derivation, FaultView, FormulaPart } from '../../../shared/capture/view.ts'
import { useSession } from '../../state/context.ts'
import { FaultChip, SeverityIcon } from '../../ui/FaultChip.tsx'

type Term = Extract<FormulaPart, { kind: 'term' }>

/** A value in a formula. One that came off the wire leads to its bytes. */
function TermPart({ term }: { readonly term: Term }) {
  const { select, highlight } = useSession()
  const { from } = term
  if (!from) {
    return (
      <span className="term">
        <code className={`token role-${term.role}`}>{term.value}</code> {term.label}
      </span>
    )
  }
  return (
    <button
      type="button"
      className="term"
      title="Show its bytes"
      onClick={() => select({ lane: from.lane, offset: from.span.start, span: from.span })}
      onPointerEnter={() => highlight.set('hover', { lane: from.lane, ...from.span })}
      onPointerLeave={() => highlight.set('hover', null)}
    >
      <code className={`token role-${term.role}`}>{term.value}</code> {term.label}
    </button>
  )
}

function Part({ part }: { readonly part: FormulaPart }) {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'newline':
      return '\n'
    case 'term':
      return <TermPart term={part} />
  }
}

const verdicts = {
  true: { icon: <Check />, says: 'it matches', look: 'match' },
  false: { icon: <X />, says: 'it does not match', look: 'mismatch' },
  null: { icon: <CircleDashed />, says: 'waits for bytes', look: 'waiting' },
} as const

/** A value and how it comes about. */
export function DerivationCard({ derivation }: { readonly derivation: Derivation }) {
  const verdict = verdicts[`${derivation.matches}`]
  return (
    <article className="card" data-testid="derivation">
      <h4>
        {derivation.title}
        <span className={`verdict ${verdict.look}`}>
          {verdict.icon}
          {verdict.says}
        </span>
      </h4>
      <div className="formula">
        {derivation.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a formula never move
          <Part key={index} part={part} />
        ))}
      </div>
      {derivation.note && <p className="note">{derivation.note}</p>}
    </article>
  )
}

/** A broken rule: which, what is done about it, and how it would have to look. */
export function FaultCard({ fault }: { readonly fault: FaultView }) {
  const { select } = useSession()
  const { lane, span, code, severity } = fault
  return (
    <article className={`card fault-card ${severity}`} data-testid="fault-card">
      <h4>
        <SeverityIcon severity={severity} />
        {fault.says}
      </h4>
      <dl>
        <dt>Now</dt>
        <dd>{fault.consequence}</dd>
        <dt>Right</dt>
        <dd>{fault.remedy}</dd>
        <dt>Rule</dt>
        <dd>
          {fault.cite} <FaultChip code={code} severity={severity} />
          {fault.citeSays && <p className="note">{fault.citeSays}</p>}
        </dd>
      </dl>
      <button type="button" className="link" onClick={() => select({ lane, offset: span.start, span })}>
        Show the bytes
      </button>
    </article>
  )
}
