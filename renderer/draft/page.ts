// For pages of their own on the browser host: `<script type="module" src="/draft.js">` gives them `WebSocketDraft`.
import { connectBridge } from '../bridge/connect.ts'
import { webSocketDraftOver } from './webSocketDraft.ts'

Object.assign(window, { WebSocketDraft: webSocketDraftOver(connectBridge()) })
