// What no page in the window may do: leave it, open another, or be granted a permission.
import type { App, Session, WebContents } from 'electron'
import { pageOrigin } from '../host/electronIpc.ts'

/** The pages that are panes of the window; no other is loaded into a frame. */
const paneUrl = `${pageOrigin}/pages/`

/** Has to run before the first window exists. */
export function denyEverythingElse(app: App): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || !event.url.startsWith(paneUrl)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}
