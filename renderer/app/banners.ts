// When the window gives its one hint.
import type { RunView } from '../../shared/ipc/contract.ts'

/** True before the first byte of a live run. */
export function isUntouched(run: RunView): boolean {
  return run.live && run.rowsDone === 0 && run.connections.every(nothingDelivered) && run.next !== null
}

function nothingDelivered({ lanes }: RunView['connections'][number]): boolean {
  return lanes.clientToServer.delivered === 0 && lanes.serverToClient.delivered === 0
}
