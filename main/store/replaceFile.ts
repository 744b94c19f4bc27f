// Writing a file so that it is there whole or as it was.
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Gives `write` a path beside `path` to write to, and puts what it wrote in the place of `path`; where that is a link, in
 * the place of what it leads to. Throws what the system throws, or when `path` is there and no file, such as a device;
 * then `path` is as it was and nothing is left beside it.
 */
export function replaceFile(name: string, write: (temporary: string) => void): void {
  const path = existsSync(name) ? realpathSync(name) : name
  if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is not a file; give the name of one')
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
