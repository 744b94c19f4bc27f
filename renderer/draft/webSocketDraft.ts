// `WebSocketDraft` for pages: the platform's events and Blobs, and the host behind the bridge.
import { type DraftConstructor, type DraftMembers, defineWebSocketDraft } from '../../shared/draft/webSocketDraft.ts'
import type { LinkedBridge } from '../bridge/link.ts'
import { createBridgeTransport } from './bridgeTransport.ts'

/** As the platform's, and `new` takes a dialect too. */
export type WebSocketDraft = DraftMembers<Blob> & WebSocket

/** @param bridge of the page; every socket goes through it */
export function webSocketDraftOver(bridge: LinkedBridge): DraftConstructor<WebSocketDraft> {
  return defineWebSocketDraft<WebSocketDraft>({
    ...{ EventTarget, Event, MessageEvent, CloseEvent, DOMException, Blob, URL },
    base: () => document.baseURI,
    transport: createBridgeTransport(bridge),
  })
}
