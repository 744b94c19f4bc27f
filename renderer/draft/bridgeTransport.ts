// What stands behind a WebSocketDraft in a page: the host at the other side of the bridge connects for it, as in 2010 a
// plug-in did.
import type { DraftConnection, DraftEvent, DraftTransport } from '../../shared/draft/transport.ts'
import { failedClose } from '../../shared/draft/transport.ts'
import type { Method, Payload } from '../../shared/ipc/contract.ts'
import type { LinkedBridge } from '../bridge/link.ts'

type Tell = (event: DraftEvent) => void

/** Bytes that were dealt with before the host is told: each message for itself would double the traffic. */
const tellAfter = 64 * 1024
/** As the host has it for one message. */
const mostMessage = 8 * 1024 * 1024

/** Calls in the order they were asked for, each in a task of its own: promises settle in between. */
function createTasks(): (task: () => void) => void {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return (task) => {
    waiting.push(task)
    port2.postMessage(null)
  }
}

/** For all sockets of a page. */
export function createBridgeTransport(bridge: LinkedBridge): DraftTransport {
  const listeners = new Map<number, Tell>()
  const later = createTasks()
  let last = 0

  function tell(socket: number, event: DraftEvent): void {
    later(() => {
      const listener = listeners.get(socket)
      if (event.kind === 'close') listeners.delete(socket)
      listener?.(event)
    })
  }

  bridge.subscribe((push) => {
    if (push.kind === 'draft') tell(push.socket, push.event)
  })
  bridge.watchLink((state) => {
    if (state === 'lost') for (const socket of listeners.keys()) tell(socket, failedClose())
  })

  async function ask<M extends Method>(socket: number, method: M, payload: Payload<M>): Promise<void> {
    const answer = await bridge.request(method, payload)
    if (!answer.ok) tell(socket, failedClose(answer.error))
  }

  return (request, listener): DraftConnection => {
    last += 1
    const socket = last
    let taken = 0
    listeners.set(socket, listener)
    void ask(socket, 'draftOpen', { socket, ...request })
    const abort = () => void ask(socket, 'draftAbort', { socket })
    return {
      send: (data, size) => {
        if (size > mostMessage) abort()
        else void ask(socket, 'draftSend', { socket, data, size })
      },
      close: (code, reason) => void ask(socket, 'draftClose', { socket, code, reason }),
      abort,
      took: (size) => {
        taken += size
        if (taken < tellAfter) return
        void ask(socket, 'draftTook', { socket, size: taken })
        taken = 0
      },
    }
  }
}
