// The window itself: one BrowserWindow on our own scheme. Nothing here waits for the host, which is read while the page is.
import { BrowserWindow, nativeTheme, type Protocol, screen, session } from 'electron'
import { dataFolder } from '../host/dataFolder.ts'
import { pageOrigin, pageScheme } from '../host/electronIpc.ts'
import { openPages, plainPage, securityHeaders } from '../host/pages.ts'
import { builtFile } from '../host/paths.ts'
import { denyPermissions } from './security.ts'
import { readWindowState } from './windowState.ts'

/** As `--bg` is in the page's own colours, so that the window does not flash before the first paint. */
const backgrounds = { dark: '#0e1116', light: '#f3f5f8' }

/** A window that shows itself once its page is painted, which `loadPage` begins with. */
export function createWindow(): BrowserWindow {
  servePages(session.defaultSession.protocol)
  denyPermissions(session.defaultSession)
  const { bounds, maximized, theme } = readWindowState(dataFolder(), screen)
  const dark = theme === 'dark' || (theme === 'system' && nativeTheme.shouldUseDarkColors)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 960,
    minHeight: 640,
    show: false,
    title: 'Wirestep',
    backgroundColor: dark ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload: builtFile('preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  return window
}

/** A window that is closed before its page is there is no failure. */
export async function loadPage(window: BrowserWindow): Promise<void> {
  let closing = false
  window.once('close', () => {
    closing = true
  })
  await window.loadURL(`${pageOrigin}/`).catch((error: unknown) => {
    if (!closing) throw error
  })
}

function servePages(protocol: Protocol): void {
  const headers = securityHeaders("'none'")
  const pages = openPages(builtFile('renderer'), headers)
  protocol.handle(pageScheme, async (request) => {
    const { origin, pathname } = splitUrl(request.url)
    const page = origin === pageOrigin ? await pages.read(pathname) : plainPage(404, headers, 'There is no such page.')
    return new Response(page.body, { status: page.status, headers: page.headers })
  })
}

/** Node's URL gives schemes it does not know no origin. */
function splitUrl(text: string): { readonly origin: string; readonly pathname: string } {
  const { protocol, host, pathname } = new URL(text)
  return { origin: `${protocol}//${host}`, pathname }
}
