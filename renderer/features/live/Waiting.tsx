import { Radio } from 'lucide-react'
import type { TapView } from '../../../shared/ipc/live.ts'
import { Empty } from '../../ui/Empty.tsx'
import { placeOf } from './live.ts'
import { Copyable } from './TapBar.tsx'

/** What to do while a tap has no connection yet. */
export function Waiting({ tap }: { readonly tap: TapView }) {
  const place = placeOf(tap)
  if (place === null) {
    return (
      <Empty title="The tap does not listen any more" icon={<Radio />}>
        <p>No connection came. Start another tap to go on.</p>
      </Empty>
    )
  }
  return (
    <Empty title="Waiting for the first connection" icon={<Radio />}>
      {tap.upstream === null ? (
        <p>Set this as the HTTP proxy of a browser or a client, then let it connect to any ws:// server.</p>
      ) : (
        <p>Point a client at this URL. It talks to {tap.upstream} as before, and you see every byte.</p>
      )}
      <Copyable text={place} label="Where clients connect" />
    </Empty>
  )
}
