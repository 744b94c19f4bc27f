// Who connects when. A run numbers its connections in the order they come: made one after the other, it is known which
// number each has.

export interface Turn {
  /** Call it when connecting. Number of the connection in the run. */
  connect(): number
  /** The next may connect. */
  pass(): void
}

/** Settles when it is the caller's turn. */
export type Turns = () => Promise<Turn>

export function createTurns(): Turns {
  let connections = 0
  let last: Promise<void> = Promise.resolve()
  return () => {
    let pass = () => {}
    const passed = new Promise<void>((resolve) => {
      pass = resolve
    })
    const come = last.then(() => ({ connect: () => ++connections, pass }))
    last = come.then(() => passed)
    return come
  }
}
