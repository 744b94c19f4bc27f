import { MousePointerClick } from 'lucide-react'
import type { UnitView } from '../../../shared/capture/view.ts'
import { useWorld } from '../../state/context.ts'
import type { Focus } from '../../state/focus.ts'
import { useSelected } from '../../state/unit.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { DerivationCard, FaultCard } from './Cards.tsx'
import { emptyReason, nextTitle, progressOf } from './explain.ts'
import { FieldTree } from './FieldTree.tsx'
import './explain.css'

/** What is said where the selection holds no unit. */
function Nothing() {
  const selection = useWorld((world) => world.selection)
  const run = useWorld((world) => world.run)
  const { title, says } = emptyReason(run, selection)
  return (
    <Empty title={title} icon={<MousePointerClick />}>
      <p>{says}</p>
    </Empty>
  )
}

function Unit({ unit, focus }: { readonly unit: UnitView; readonly focus: Focus | null }) {
  const progress = progressOf(unit)
  return (
    <>
      <h3 data-testid="explain-title">{unit.title}</h3>
      <p className="explain-says">{unit.says}</p>
      {(progress || unit.edited) && (
        <p className="explain-progress">
          {progress && <span className="chip">{progress}</span>}
          {unit.edited && <span className="chip warning">{unit.edited} at the gate</span>}
        </p>
      )}
      {unit.faults.map((fault) => (
        <FaultCard key={`${fault.code}:${fault.span.start}`} fault={fault} />
      ))}
      <FieldTree unit={unit} focus={focus} />
      {unit.derivations.map((derivation) => (
        <DerivationCard key={derivation.title} derivation={derivation} />
      ))}
      {unit.next && (
        <article className="card">
          <h4>{nextTitle(unit)}</h4>
          <p className="note">{unit.next}</p>
        </article>
      )}
    </>
  )
}

/** What the selected unit is, field by field, how its values come about, and what follows from it. */
export function Explain() {
  const { unit, focus, asked } = useSelected()
  return (
    <section className="pane explain" aria-label="Explain">
      <div className="pane-head">
        <h2>Explain</h2>
        <span className="aside">{unit?.cite}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region has to be reachable by keyboard */}
      <section className="explain-body" tabIndex={0} aria-label="Explanation of the selected unit">
        {asked.error && <Trouble says={asked.error} retry={asked.retry} />}
        {unit ? <Unit unit={unit} focus={focus} /> : <Nothing />}
      </section>
    </section>
  )
}
