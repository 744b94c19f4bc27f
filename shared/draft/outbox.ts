// What is sent leaves in the order it was given in, also where a Blob has to be read first.

export interface Outbox {
  /** `ready` is there, or will be; `deliver` is called with it after all that was put before. */
  put<T>(ready: T | Promise<T>, deliver: (value: T) => void): void
}

/** `failed`: something could not be read. It is told once, and nothing is delivered from then on. */
export function createOutbox(failed: () => void): Outbox {
  let last: Promise<void> | null = null
  function queue<T>(ready: T | Promise<T>, deliver: (value: T) => void): void {
    const next: Promise<void> = (last ?? Promise.resolve())
      .then(() => ready)
      .then(deliver)
      .finally(() => {
        if (last === next) last = null
      })
    last = next
    next.catch(failed)
  }
  return {
    put: (ready, deliver) => {
      if (last === null && !(ready instanceof Promise)) deliver(ready)
      else queue(ready, deliver)
    },
  }
}
