// Telling of changes: at once, or while a run is running at most once a frame.

/** Milliseconds between two pictures at 60 a second. */
export const frame = 16

export interface Notifier {
  /** Grows with every change. */
  readonly version: number
  /** `soon` may wait up to a frame, so that many changes are told of as one. */
  changed(when: 'now' | 'soon'): void
  /** Tells nothing any more. */
  stop(): void
}

export function createNotifier(tell: () => void): Notifier {
  let version = 0
  let timer: NodeJS.Timeout | undefined
  function tellNow(): void {
    clearTimeout(timer)
    timer = undefined
    tell()
  }
  return {
    get version() {
      return version
    },
    changed: (when) => {
      version += 1
      if (when === 'now') tellNow()
      else timer ??= setTimeout(tellNow, frame)
    },
    stop: () => clearTimeout(timer),
  }
}
