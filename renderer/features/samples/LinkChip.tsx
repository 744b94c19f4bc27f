import type { PaneLink } from '../../bridge/paneSockets.ts'
import { useSession, useWorld } from '../../state/context.ts'

const unlinked: PaneLink = { state: 'connecting', connection: 0 }
const says = { connecting: 'connecting', open: 'open', closed: 'closed' } as const

/** Which connection a client has, and how it is; picked, the ladder shows it. */
export function LinkChip({ link }: { readonly link: PaneLink | null }) {
  const { send } = useSession()
  const shown = useWorld((world) => world.run?.connection)
  const { state, connection } = link ?? unlinked
  if (connection === 0) return <span className="link-chip">{says[state]}</span>
  return (
    <button
      type="button"
      className="link-chip"
      data-state={state}
      aria-pressed={shown === connection}
      title="Show the bytes of this connection in the ladder"
      onClick={() => void send(`connection ${connection}`)}
    >
      connection {connection}, {says[state]}
    </button>
  )
}
