// For web pages: `<script type="module" src=".../draft.js">` gives them `WebSocketDraft`, over the host that it comes from.
import { connectBridge } from '../bridge/connect.ts'
import { webSocketDraftOver } from './webSocketDraft.ts'

Object.assign(window, { WebSocketDraft: webSocketDraftOver(connectBridge(import.meta.url)) })
