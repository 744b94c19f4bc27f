// Writing a file so that it is there whole or as it was.
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Gives `write` a path beside `path` to write to, and puts what it wrote in the place of `path`. Throws what the
 * system throws; then `path` is as it was and nothing is left beside it.
 */
export function replaceFile(path: string, write: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  try {
    write(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
