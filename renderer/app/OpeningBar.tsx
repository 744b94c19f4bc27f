import { FileClock, X } from 'lucide-react'
import { useSession, useWorld } from '../state/context.ts'
import { Button } from '../ui/Button.tsx'
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
      <span>{opening.says}</span>
      <progress className="grow" aria-label={`Reading ${opening.name}`} max={opening.of} value={opening.bytes} />
      <Button look="small" icon={<X />} onClick={() => void send('cancel')}>
        Cancel
      </Button>
    </div>
  )
}
