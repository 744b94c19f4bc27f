// How every page in a pane begins: it waits for the window around it, which brings the port that its `WebSocketDraft`
// goes over, and takes on its colours. Keys that are commands go to the window.
import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import '../app/tokens.css'
import '../app/base.css'
import '../ui/ui.css'
import './pages.css'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { watchFocusRing } from '../app/focusRing.ts'
import { listenForCommands } from '../app/keys.ts'
import { putTheme } from '../app/theme.ts'
import { alwaysUp } from '../bridge/link.ts'
import { awaitWelcome, connectPort } from '../bridge/port.ts'
import type { Pressed } from '../bridge/portMessages.ts'
import { webSocketDraftOver } from '../draft/webSocketDraft.ts'
import type { Theme } from '../state/theme.ts'
import { keepFocus } from './keepFocus.ts'
import type { Connect } from './line.ts'

export interface PageTerms {
  readonly connect: Connect
  /** What the person of the page is called. */
  readonly name: string
  readonly theme: StoreApi<Theme>
}

/** @param draw called once, when the page knows what it is there for */
export async function startPage(draw: (terms: PageTerms) => ReactNode): Promise<void> {
  const { port, welcome } = await awaitWelcome(window)
  const theme = createStore<Theme>(() => welcome.theme)
  putTheme(welcome.theme)
  const bridge = connectPort(port, (next) => {
    putTheme(next)
    theme.setState(next, true)
  })
  const Socket = webSocketDraftOver(alwaysUp(bridge))
  const connect = () => new Socket(welcome.url, { dialect: welcome.dialect })
  watchFocusRing()
  keepFocus()
  listenForCommands((command) => {
    port.postMessage({ command } as Pressed)
    return true
  })
  const body = draw({ connect, name: welcome.name, theme })
  createRoot(document.getElementById('root')!).render(<StrictMode>{body}</StrictMode>)
}
