// `wirestep open`: the window on a saved session.
import { resolve } from 'node:path'
import type { Call } from '../../shared/commands/registry.ts'
import { quoteWord } from '../../shared/commands/words.ts'
import { openFileStore } from '../store/fileStore.ts'
import { CliError, type Terminal } from './terminal.ts'
import { openWindow } from './window.ts'

/** Files that cannot be read are told here, before a window opens. */
export async function open({ path, keylog, dialect }: Call<'open'>['args'], terminal: Terminal): Promise<number> {
  const keys = keylog === undefined ? '' : ` --keylog ${readable(keylog)}`
  const named = dialect === undefined ? '' : ` --dialect ${dialect}`
  return openWindow(terminal, `${readable(path)}${keys}${named}`)
}

/** The file as a word of the console, whose folder may be another. */
function readable(file: string): string {
  const store = openFileStore(file)
  if (!store.ok) throw new CliError(store.error)
  store.value.close()
  return quoteWord(resolve(file))
}
