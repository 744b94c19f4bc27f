import { useSession, useWorld } from '../../state/context.ts'
import type { LineState } from './line.ts'

const says = { connecting: 'connecting', open: 'open', closed: 'closed' } as const

/** Which connection a client has, and how it is; picked, the ladder shows it. */
export function LinkChip({ link: { state, connection } }: { readonly link: LineState }) {
  const { send } = useSession()
  const shown = useWorld((world) => world.run?.connection)
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
