// The `WebSocketDraft` of this page: one class for each bridge, since a bridge has one list of sockets.
import type { DraftConstructor } from '../../shared/draft/webSocketDraft.ts'
import type { LinkedBridge } from '../bridge/link.ts'
import { type WebSocketDraft, webSocketDraftOver } from '../draft/webSocketDraft.ts'

const classes = new WeakMap<LinkedBridge, DraftConstructor<WebSocketDraft>>()

export function socketClassOf(bridge: LinkedBridge): DraftConstructor<WebSocketDraft> {
  const known = classes.get(bridge) ?? webSocketDraftOver(bridge)
  classes.set(bridge, known)
  return known
}
