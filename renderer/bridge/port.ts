// The contract over a MessagePort, for a page in a pane: the window around it asks the host, and does so only for what a
// `WebSocketDraft` needs.
import type { Bridge } from '../../shared/ipc/contract.ts'
import { createCalls } from './calls.ts'
import { toPage, type Welcome, welcome } from './portMessages.ts'

export interface Welcomed {
  readonly port: MessagePort
  readonly welcome: Welcome
}

/** Settles when the window around the page has said what it is there for. */
export function awaitWelcome(page: Window): Promise<Welcomed> {
  return new Promise((resolve) => {
    const listen = ({ source, origin, data, ports: [port] }: MessageEvent) => {
      const said = welcome.safeParse(data)
      // `location.origin` is where the page came from, also while the sandbox gives it no origin of its own.
      if (source !== page.parent || origin !== page.location.origin || !said.success || !port) return
      page.removeEventListener('message', listen)
      resolve({ port, welcome: said.data })
    }
    page.addEventListener('message', listen)
  })
}

/** What is nothing a window says is passed over. */
export function connectPort(port: MessagePort, onTheme: (theme: Welcome['theme']) => void): Bridge {
  const calls = createCalls((request) => port.postMessage(request))
  port.onmessage = ({ data }) => {
    const said = toPage.safeParse(data)
    if (!said.success) return
    if ('theme' in said.data) onTheme(said.data.theme)
    else calls.take(said.data)
  }
  return calls
}
