// The system's file dialogs.
import { join } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import type { FilePurpose } from '../../shared/ipc/contract.ts'
import { sessionExtensions } from '../store/openedStore.ts'

const filters = {
  open: [
    { name: 'Sessions and captures', extensions: [...sessionExtensions] },
    { name: 'All files', extensions: ['*'] },
  ],
  keylog: [{ name: 'All files', extensions: ['*'] }],
  save: [{ name: 'Recorded sessions', extensions: ['pcapng'] }],
}

/** The path that was picked; null when the dialog was cancelled. */
export async function pickFile(window: BrowserWindow, purpose: FilePurpose): Promise<string | null> {
  if (purpose !== 'save') {
    const { filePaths } = await dialog.showOpenDialog(window, { filters: filters[purpose], properties: ['openFile'] })
    return filePaths[0] ?? null
  }
  const defaultPath = join(app.getPath('documents'), 'session.pcapng')
  const { canceled, filePath } = await dialog.showSaveDialog(window, { filters: filters.save, defaultPath })
  return canceled || !filePath ? null : filePath
}
