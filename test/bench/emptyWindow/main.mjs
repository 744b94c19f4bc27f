// The least that an Electron app with a window can be, to compare our start with.
import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'

app.whenReady().then(() => new BrowserWindow().loadFile(join(import.meta.dirname, 'index.html')))
app.on('window-all-closed', () => app.quit())
