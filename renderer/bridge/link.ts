// What every transport offers: the contract, and whether the other side can be reached.
import type { Bridge } from '../../shared/ipc/contract.ts'

/** `connecting`: never been up. `lost`: was up, and is being tried again. */
export type LinkState = 'connecting' | 'up' | 'lost'

export interface LinkedBridge extends Bridge {
  /** Tells at every change, and once at the start. Returns its undo. */
  watchLink(listener: (state: LinkState) => void): () => void
}

/** A bridge that cannot be lost while the page is there. */
export function alwaysUp(bridge: Bridge): LinkedBridge {
  return {
    request: (method, payload) => bridge.request(method, payload),
    subscribe: (listener) => bridge.subscribe(listener),
    watchLink: (listener) => {
      listener('up')
      return () => undefined
    },
  }
}
