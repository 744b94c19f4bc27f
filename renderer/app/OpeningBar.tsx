import { FileClock } from 'lucide-react'
import { useSession, useWorld } from '../state/context.ts'
import { ProgressLine } from '../ui/ProgressLine.tsx'
import { openingOf } from './opening.ts'

/** How far the file is that is being opened, and the way to stop that. */
export function OpeningBar() {
  const { send } = useSession()
  const app = useWorld((world) => world.app)
  const run = useWorld((world) => world.run)
  const opening = openingOf(app, run)
  if (!opening) return null
  return (
    <div className="banner opening" data-testid="opening">
      <FileClock aria-hidden="true" />
      <ProgressLine
        says={opening.says}
        label={`Reading ${opening.name}`}
        value={opening.bytes}
        max={opening.of}
        onCancel={() => void send('cancel')}
      />
    </div>
  )
}
