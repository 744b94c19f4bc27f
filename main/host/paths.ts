// Where the built files are, as seen from a bundle in out/main or out/main/chunks.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's own folder: the nearest one above this file that holds package.json. */
export function packageFolder(from = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('package.json is missing beside out/')
  return packageFolder(above)
}

/** A file or folder of the build, such as `renderer` or `preload/index.cjs`. */
export function builtFile(path: string): string {
  return join(packageFolder(), 'out', path)
}
