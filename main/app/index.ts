// The desktop window's process: started by Electron. Lifecycle only; what it shows is the host's.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { app, BrowserWindow, dialog, protocol } from 'electron'
import { quoteWord } from '../../shared/commands/words.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { pageScheme } from '../host/electronIpc.ts'
import { openSwitch } from '../host/openSwitch.ts'
import { sessionExtensions } from '../store/openedStore.ts'
import { openDesktop } from './desktop.ts'
import { denyEverythingElse } from './security.ts'

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
    .then(() => openDesktop(waiting))
    .then((desktop) => {
      open = desktop.open
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

/** By `wirestep open`, or by a desktop that hands a session file over. */
function askedBy(words: readonly string[], folder = process.cwd()): string | null {
  const given = words.find((word) => word.startsWith(openSwitch))
  if (given) return given.slice(openSwitch.length)
  const path = words.find((word) => sessionExtensions.some((end) => word.endsWith(`.${end}`)))
  return path && existsSync(resolve(folder, path)) ? quoteWord(resolve(folder, path)) : null
}
