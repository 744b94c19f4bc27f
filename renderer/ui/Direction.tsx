import { type Lane, laneName, senderOf } from '../../shared/bytes/lanes.ts'

/** `client → server`, in the colour of the sender. */
export function Direction({ lane }: { readonly lane: Lane }) {
  return <span className={`end-name of-${senderOf(lane)}`}>{laneName(lane)}</span>
}
