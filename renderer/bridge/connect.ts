// Picks the transport: what the preload script put on the window, else a WebSocket to where the page came from.
import type { Bridge } from '../../shared/ipc/contract.ts'
import { alwaysUp, type LinkedBridge } from './link.ts'
import { connectWeb } from './web.ts'

declare global {
  interface Window {
    readonly wirestep?: Bridge
  }
}

/**
 * The bridge of this page. The same window works in Electron and in a browser.
 * @param from where the host is that answers: it served this page, or the script that asks
 */
export function connectBridge(from = window.location.href): LinkedBridge {
  if (window.wirestep) return alwaysUp(window.wirestep)
  const url = new URL('/bridge', from)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = ''
  return connectWeb(url.href, (address) => new WebSocket(address), globalThis)
}
