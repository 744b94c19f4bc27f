// Where settings and recordings live: one folder for the window, the browser host and the terminal.
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `WIRESTEP_DATA`, or the folder the system keeps for programs' data. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const { WIRESTEP_DATA, APPDATA, XDG_CONFIG_HOME } = env
  if (WIRESTEP_DATA) return WIRESTEP_DATA
  switch (platform) {
    case 'win32':
      return join(APPDATA ?? join(homedir(), 'AppData/Roaming'), 'Wirestep')
    case 'darwin':
      return join(homedir(), 'Library/Application Support/Wirestep')
    default:
      return join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'wirestep')
  }
}
