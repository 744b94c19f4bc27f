import { Columns3, LoaderCircle } from 'lucide-react'
import { useEffect } from 'react'
import { startComparison } from '../../state/comparison.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { Differences, Facts } from './Findings.tsx'
import { Ladders } from './Ladders.tsx'
import { Setup } from './Setup.tsx'
import './compare.css'

/** The same scenario in several dialects, side by side. */
export function Compare() {
  const session = useSession()
  const { result, busy, error } = useWorld((world) => world.comparison)
  const untouched = result === null && !busy && error === null
  useEffect(() => {
    if (untouched) void startComparison(session)
  }, [session, untouched])
  return (
    <main className="compare" aria-label="Compare" aria-busy={busy}>
      <Setup />
      <div className="compare-result">
        {error && <Trouble says={error} retry={() => void startComparison(session)} />}
        {result ? (
          <>
            <Differences comparison={result} />
            <Ladders comparison={result} />
            <Facts comparison={result} />
          </>
        ) : (
          busy && (
            <Empty title="Running the scenario in each dialect" icon={<LoaderCircle className="turning" />}>
              <p>Every column is a lab run of its own, over real sockets.</p>
            </Empty>
          )
        )}
        {!result && !busy && error && <Empty title="Nothing to compare yet" icon={<Columns3 />} />}
      </div>
    </main>
  )
}
