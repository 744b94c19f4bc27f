// Requests by number and what comes back, whatever carries them.
import type { Bridge, Method, Payload, Push } from '../../shared/ipc/contract.ts'
import { failure, type Result } from '../../shared/ipc/result.ts'
import type { WireReply, WireRequest } from '../../shared/ipc/wire.ts'

type Settle = (result: Result<never>) => void

export interface Calls extends Bridge {
  /** What the other side sent. */
  take(reply: WireReply): void
  /** Nobody will answer what was asked so far. */
  failAll(sentence: string): void
}

export function createCalls(send: (request: WireRequest) => void): Calls {
  const listeners = new Set<(push: Push) => void>()
  const waiting = new Map<number, Settle>()
  let lastId = 0
  return {
    request<M extends Method>(method: M, payload: Payload<M>) {
      const id = ++lastId
      return new Promise((settle) => {
        waiting.set(id, settle as Settle)
        send({ id, method, payload })
      })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    take(reply) {
      if ('push' in reply) for (const listener of listeners) listener(reply.push)
      else {
        waiting.get(reply.id)?.(reply.result as Result<never>)
        waiting.delete(reply.id)
      }
    },
    failAll(sentence) {
      for (const settle of waiting.values()) settle(failure(sentence))
      waiting.clear()
    },
  }
}
