// Writing a file so that it is there whole or as it was.
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A file that is being written to take the place of another. */
export interface Replacement {
  /** The path beside the other that is written to. */
  readonly temporary: string
  /** Puts what was written in the other's place. */
  keep(): void
  /** Takes away what was written. */
  drop(): void
}

let begun = 0

/**
 * Begins to replace the file at `name`; where that is a link, what it leads to. Throws what the system throws, or when it
 * is there and no file, such as a device.
 */
export function beginReplacing(name: string): Replacement {
  const path = existsSync(name) ? realpathSync(name) : name
  if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is not a file; give the name of one')
  mkdirSync(dirname(path), { recursive: true })
  begun += 1
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${begun}.part`)
  return {
    temporary,
    keep: () => renameSync(temporary, path),
    drop: () => rmSync(temporary, { force: true }),
  }
}

/**
 * Gives `write` a path beside `name` to write to, and puts what it wrote in the place of `name`. When that fails, `name`
 * is as it was and nothing is left beside it.
 */
export function replaceFile(name: string, write: (temporary: string) => void): void {
  const replacement = beginReplacing(name)
  try {
    write(replacement.temporary)
    replacement.keep()
  } catch (error) {
    replacement.drop()
    throw error
  }
}
