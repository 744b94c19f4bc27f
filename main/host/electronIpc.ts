// The contract over Electron's IPC. Only the main frame of our own window, at our own origin, is answered.
import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron'
import { failure } from '../../shared/ipc/result.ts'
import { pushChannel, requestChannel } from './channels.ts'
import type { Host } from './host.ts'

export const pageScheme = 'wirestep'
export const pageOrigin = `${pageScheme}://app`

/** Answers the window until the undo is called, from when there is something to show on: what it asks before waits. */
export function serveIpc(ipc: IpcMain, host: Host, window: BrowserWindow, ready: Promise<void>): () => void {
  const page = host.connect({
    origin: pageOrigin,
    tell: (push) => {
      if (!window.isDestroyed()) window.webContents.send(pushChannel, push)
    },
  })
  ipc.handle(requestChannel, async (event, method: unknown, payload: unknown) => {
    if (!isOurs(event, window)) return failure('Only the window of Wirestep is answered.')
    await ready
    return page.handle(method, payload)
  })
  // A page that is loaded again knows nothing of the sockets it had.
  window.webContents.on('did-navigate', page.renew)
  window.webContents.on('render-process-gone', page.renew)
  return () => {
    page.close()
    ipc.removeHandler(requestChannel)
  }
}

function isOurs({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  if (window.isDestroyed() || sender !== window.webContents || senderFrame === null) return false
  return senderFrame === sender.mainFrame && senderFrame.url.startsWith(`${pageOrigin}/`)
}
