// The clients of the sample that runs. They live on while the window shows another tab: who steps in the lab has not left
// the room.
import type { SampleView } from '../../../shared/ipc/contract.ts'
import type { Session } from '../../state/session.ts'
import { socketClassOf } from '../../state/sockets.ts'
import { createDialler, type Dialler } from './line.ts'

interface Kept {
  readonly run: number
  readonly value: { close(): void }
}

const kept = new WeakMap<Session, Kept>()

/** What `make` made for this run of the sample; made now if it was not. What belonged to the one before is closed. */
export function clientsOf<T extends { close(): void }>(
  session: Session,
  { run, url, dialect }: SampleView,
  make: (dialler: Dialler) => T,
): T {
  const known = kept.get(session)
  if (known?.run === run) return known.value as T
  known?.value.close()
  const Socket = socketClassOf(session.bridge)
  const value = make(createDialler(() => new Socket(url, { dialect })))
  kept.set(session, { run, value })
  return value
}
