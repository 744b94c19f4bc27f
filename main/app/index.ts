// The desktop window's process: started by Electron. Lifecycle only; what it shows is the host's.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { app, BrowserWindow, dialog, protocol } from 'electron'
import { dataFolder } from '../host/dataFolder.ts'
import { pageScheme } from '../host/electronIpc.ts'
import { sessionExtensions } from '../store/openedStore.ts'
import { openDesktop } from './desktop.ts'
import { denyEverythingElse } from './security.ts'

// Before `ready`, or the scheme has no origin of its own. The panes have none, and load their files across origins.
const privileges = { standard: true, secure: true, corsEnabled: true }
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
app.setPath('userData', dataFolder())
denyEverythingElse(app)

/** A session file named on the command line or handed over by the desktop, until a window can open it. */
let waiting = fileAmong(process.argv.slice(1))
let openFile = (path: string) => {
  waiting = path
}

if (app.requestSingleInstanceLock()) start()
else app.quit()

function start(): void {
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openFile(path)
  })
  app.on('second-instance', (_event, argv, folder) => {
    const path = fileAmong(argv.slice(1), folder)
    if (path) openFile(path)
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
    .then(() => openDesktop(waiting))
    .then((desktop) => {
      openFile = desktop.openFile
    })
    .catch((error: unknown) => (ending ? undefined : explain(error)))
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

function fileAmong(words: readonly string[], folder = process.cwd()): string | null {
  const path = words.find((word) => sessionExtensions.some((end) => word.endsWith(`.${end}`)))
  return path && existsSync(resolve(folder, path)) ? resolve(folder, path) : null
}
