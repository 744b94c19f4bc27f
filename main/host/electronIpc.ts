// The contract over Electron's IPC. Only the main frame of our own window, at our own origin, is answered.
import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron'
import { failure } from '../../shared/ipc/result.ts'
import { pushChannel, requestChannel } from './channels.ts'
import type { Host, PageLink } from './host.ts'

export const pageScheme = 'wirestep'
export const pageOrigin = `${pageScheme}://app`

/**
 * Answers the window until the undo is called. What it asks before there is a host waits, in order. From its first
 * question on it listens, and is told what there is to tell.
 */
export function serveIpc(ipc: IpcMain, window: BrowserWindow, host: Promise<Host>): () => void {
  let page: Promise<PageLink> | null = null
  const connect = async () =>
    (await host).connect({
      origin: pageOrigin,
      tell: (push) => {
        if (!window.isDestroyed()) window.webContents.send(pushChannel, push)
      },
    })
  const withPage = (act: (page: PageLink) => void) => void page?.then(act, () => {})
  const renew = () => withPage((link) => link.renew())
  ipc.handle(requestChannel, (event, method: unknown, payload: unknown) => {
    if (!isOurs(event, window)) return failure('Only the window of Wirestep is answered.')
    page ??= connect()
    return page.then(
      (link) => link.handle(method, payload),
      () => failure('Wirestep could not start.'),
    )
  })
  // A page that is loaded again knows nothing of the sockets it had.
  window.webContents.on('did-navigate', renew)
  window.webContents.on('render-process-gone', renew)
  return () => {
    withPage((link) => link.close())
    ipc.removeHandler(requestChannel)
  }
}

function isOurs({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  if (window.isDestroyed() || sender !== window.webContents || senderFrame === null) return false
  return senderFrame === sender.mainFrame && senderFrame.url.startsWith(`${pageOrigin}/`)
}
