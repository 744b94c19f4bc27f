// Questions that are asked at once are answered at once, so that what a step changed is drawn in one go.
import type { Bridge } from '../../shared/ipc/contract.ts'

type Request = Bridge['request']

/** Asks as `request` does. Answers to what is asked in one task come when the last of them is here. */
export function askTogether(request: Request): Request {
  let asked: Promise<unknown>[] = []
  return async (method, payload) => {
    if (asked.length === 0)
      queueMicrotask(() => {
        asked = []
      })
    const all = asked
    const answer = request(method, payload)
    all.push(answer)
    await Promise.resolve()
    await Promise.allSettled(all)
    return answer
  }
}
