// The desktop window's process: started by Electron. Lifecycle only; what it shows is the host's. Electron is not ready
// before all that this file imports has been read, so the large parts are read behind that.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, protocol } from 'electron'
import { quoteWord } from '../../shared/commands/words.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { pageScheme, serveIpc } from '../host/electronIpc.ts'
import { openSwitch } from '../host/openSwitch.ts'
import { sessionExtensions } from '../store/openedStore.ts'
import type { Desktop } from './desktop.ts'
import { pickFile } from './pickFile.ts'
import { denyEverythingElse } from './security.ts'
import { createWindow, loadPage } from './window.ts'

// Before `ready`, or the scheme has no origin of its own. The panes have none, and load their files across origins.
const privileges = { standard: true, secure: true, corsEnabled: true }
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
app.setPath('userData', dataFolder())
denyEverythingElse(app)

/** What is to be opened, in the words of the console's `open`, until a window can do it. */
let waiting = askedBy(process.argv.slice(1))
let open = (asked: string) => {
  waiting = asked
}

if (app.requestSingleInstanceLock()) start()
else app.quit()

function start(): void {
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(quoteWord(path))
  })
  app.on('second-instance', (_event, argv, folder) => {
    const asked = askedBy(argv.slice(1), folder)
    if (asked) open(asked)
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  // Chromium's own handler leaves the second signal deadly, and a terminal's Ctrl+C can come as two.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  let ending = false
  app.once('before-quit', () => {
    ending = true
  })
  // Not `await`: in an ES module the app is not ready before this file has run to its end.
  void app
    .whenReady()
    .then(show)
    .catch((error: unknown) => (ending ? undefined : explain(error)))
}

/** The window before all else: its page is painted while the menu is made, and only then the host is read. */
async function show(): Promise<void> {
  const window = createWindow()
  const loaded = loadPage(window)
  const desktop = openBehind(window, loaded)
  const host = desktop.then(({ host }) => host)
  window.once('closed', serveIpc(ipcMain, window, host))
  await Promise.all([host, loaded, putMenu(window, desktop)])
}

async function putMenu(window: BrowserWindow, desktop: Promise<Desktop>): Promise<void> {
  const { buildMenu } = await import('./menu.ts')
  buildMenu({
    perform: (line) => void desktop.then(({ perform }) => perform(line)),
    pick: (purpose) => pickFile(window, purpose),
  })
}

/** Reading the host holds up everything else in this process, and so what the page asks for until it is painted. */
async function openBehind(window: BrowserWindow, loaded: Promise<void>): Promise<Desktop> {
  await Promise.race([loaded, new Promise<void>((painted) => window.once('ready-to-show', painted))])
  const { openDesktop } = await import('./desktop.ts')
  const desktop = openDesktop(window, waiting)
  open = (asked) => desktop.perform(`open ${asked}`)
  return desktop
}

/**
 * Quitting or closing while the page loads makes that fail too. So the box must not block: the end of the process,
 * which comes a moment later then, takes it away.
 */
async function explain(error: unknown): Promise<void> {
  const detail = error instanceof Error ? error.message : String(error)
  await dialog.showMessageBox({ type: 'error', title: 'Wirestep', message: 'Wirestep could not start.', detail })
  app.exit(1)
}

/** By `wirestep open`, or by a desktop that hands a session file over. */
function askedBy(words: readonly string[], folder = process.cwd()): string | null {
  const given = words.find((word) => word.startsWith(openSwitch))
  if (given) return given.slice(openSwitch.length)
  const path = words.find((word) => sessionExtensions.some((end) => word.endsWith(`.${end}`)))
  return path && existsSync(resolve(folder, path)) ? quoteWord(resolve(folder, path)) : null
}
