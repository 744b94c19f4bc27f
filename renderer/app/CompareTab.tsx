import { Compare } from '../features/compare/Compare.tsx'
import { Survival } from '../features/survival/Survival.tsx'
import { useSession, useWorld } from '../state/context.ts'
import type { Comparing } from '../state/session.ts'
import { showSurvival } from '../state/survival.ts'
import { Segmented } from '../ui/Segmented.tsx'
import './compareTab.css'

const options: readonly { readonly value: Comparing; readonly label: string }[] = [
  { value: 'scenario', label: 'Side by side' },
  { value: 'survival', label: 'Behind intermediaries' },
]

/** Dialects compared: by what they put on the wire, or by what they get through. */
export function CompareTab() {
  const session = useSession()
  const comparing = useWorld((world) => world.comparing)
  const turn = (next: Comparing) => (next === 'survival' ? showSurvival(session) : session.show({ comparing: next }))
  return (
    <div className="compare-tab">
      <nav className="compare-switch" aria-label="What to compare by">
        <Segmented label="Compare dialects" value={comparing} options={options} onChange={turn} />
      </nav>
      {comparing === 'survival' ? <Survival /> : <Compare />}
    </div>
  )
}
