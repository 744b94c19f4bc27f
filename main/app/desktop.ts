// The host behind the window, closed together with it.
import { app, type BrowserWindow } from 'electron'
import { faultLine } from '../../shared/commands/transcript.ts'
import { dataFolder } from '../host/dataFolder.ts'
import type { Host } from '../host/host.ts'
import { openFirstRun, openHost } from '../host/open.ts'
import { pickFile } from './pickFile.ts'
import { saveWindowState } from './windowState.ts'

export interface Desktop {
  /** Settles when there is something to show. */
  readonly host: Promise<Host>
  /** A command from the menu or the desktop, once there is something to show: what it prints goes to the window's console. */
  perform(line: string): void
}

/** Puts a host behind the window, with what is asked for in the words of `open`, else with a new lab run. */
export function openDesktop(window: BrowserWindow, asked: string | null): Desktop {
  const host = openHost({
    kind: 'desktop',
    folder: dataFolder(),
    pickFile: (purpose) => pickFile(window, purpose),
  })
  const opened = openFirstRun(host, asked).then(() => host)
  closeTogether(host, window)
  return { host: opened, perform: (line) => void opened.then(() => perform(host, line)) }
}

/**
 * The recording is flushed before the process ends, whichever way that begins: the window closed, the menu, or Ctrl+C in
 * the terminal, which comes as two signals at once. Nothing may hold up the end after that.
 */
function closeTogether(host: Host, window: BrowserWindow): void {
  const save = () => saveWindowState(dataFolder(), window, host.app().settings.theme)
  let closing = false
  window.on('close', save)
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (closing) return
    closing = true
    save()
    void host.workspace.shutdown().finally(() => app.exit(0))
  })
}

async function perform(host: Host, line: string): Promise<void> {
  const lines = await host.perform(line)
  host.tell(lines.ok ? lines.value : [faultLine(lines.error)])
}
