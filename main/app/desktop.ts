// The window itself: one BrowserWindow on our own scheme, the host behind it, closed together.
import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, type Protocol, screen, session } from 'electron'
import { faultLine } from '../../shared/commands/transcript.ts'
import type { FilePurpose } from '../../shared/ipc/contract.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { pageOrigin, pageScheme, serveIpc } from '../host/electronIpc.ts'
import type { Host } from '../host/host.ts'
import { openFirstRun, openHost } from '../host/open.ts'
import { openPages, plainPage, securityHeaders } from '../host/pages.ts'
import { builtFile } from '../host/paths.ts'
import { sessionExtensions } from '../store/openedStore.ts'
import { buildMenu } from './menu.ts'
import { denyPermissions } from './security.ts'
import { readWindowState, saveWindowState } from './windowState.ts'

export interface Desktop {
  /** `asked` is what the console's `open` is given. */
  open(asked: string): void
}

/** As `--surface` is in the window's own colours, so that it does not flash before the first paint. */
const backgrounds = { dark: '#0d1117', light: '#ffffff' }

/** Opens the window, on what is asked for in the words of `open`, else on a new lab run. */
export async function openDesktop(asked: string | null): Promise<Desktop> {
  const headers = securityHeaders("'none'")
  servePages(session.defaultSession.protocol, headers)
  denyPermissions(session.defaultSession)
  let window: BrowserWindow | null = null
  const host = openHost({ kind: 'desktop', folder: dataFolder(), pickFile: (purpose) => pickFile(window, purpose) })
  window = createWindow(host)
  // While the page is read.
  const ready = openFirstRun(host, asked)
  const undo = serveIpc(ipcMain, host, window, ready)
  buildMenu({ perform: (line) => void perform(host, line), pick: (purpose) => pickFile(window, purpose) })
  closeTogether(host, window, undo)
  await Promise.all([ready, loadPage(window)])
  return { open: (words) => void perform(host, `open ${words}`) }
}

/** A window that is closed before its page is there is no failure. */
async function loadPage(window: BrowserWindow): Promise<void> {
  let closing = false
  window.once('close', () => {
    closing = true
  })
  await window.loadURL(`${pageOrigin}/`).catch((error: unknown) => {
    if (!closing) throw error
  })
}

function servePages(protocol: Protocol, headers: Readonly<Record<string, string>>): void {
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

function createWindow(host: Host): BrowserWindow {
  const { theme } = host.app().settings
  const dark = theme === 'dark' || (theme === 'system' && nativeTheme.shouldUseDarkColors)
  const state = readWindowState(dataFolder(), screen)
  const window = new BrowserWindow({
    ...state.bounds,
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
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => saveWindowState(dataFolder(), window))
  return window
}

/**
 * The recording is flushed before the process ends, whichever way that begins: the window closed, the menu, or Ctrl+C in
 * the terminal, which comes as two signals at once. Nothing may hold up the end after that.
 */
function closeTogether(host: Host, window: BrowserWindow, undo: () => void): void {
  let closing = false
  window.once('closed', undo)
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (closing) return
    closing = true
    saveWindowState(dataFolder(), window)
    void host.workspace.shutdown().finally(() => app.exit(0))
  })
}

const filters = {
  open: [
    { name: 'Sessions and captures', extensions: [...sessionExtensions] },
    { name: 'All files', extensions: ['*'] },
  ],
  keylog: [{ name: 'All files', extensions: ['*'] }],
  save: [{ name: 'Recorded sessions', extensions: ['pcapng'] }],
}

async function pickFile(window: BrowserWindow | null, purpose: FilePurpose): Promise<string | null> {
  if (!window) return null
  if (purpose !== 'save') {
    const { filePaths } = await dialog.showOpenDialog(window, { filters: filters[purpose], properties: ['openFile'] })
    return filePaths[0] ?? null
  }
  const defaultPath = join(app.getPath('documents'), 'session.pcapng')
  const { canceled, filePath } = await dialog.showSaveDialog(window, { filters: filters.save, defaultPath })
  return canceled || !filePath ? null : filePath
}

/** A command from a menu or the desktop: what it prints goes to the window's console. */
async function perform(host: Host, line: string): Promise<void> {
  const lines = await host.perform(line)
  host.tell(lines.ok ? lines.value : [faultLine(lines.error)])
}
