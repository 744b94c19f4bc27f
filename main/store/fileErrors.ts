// What the operating system says about a file, as one sentence a person can act on.

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you do not have permission; choose another place or change its permissions',
  EPERM: 'you do not have permission; choose another place or change its permissions',
  EROFS: 'the disk is read-only; choose another place',
  ENOSPC: 'the disk is full; make room or choose another place',
  EDQUOT: 'your share of the disk is used up; make room or choose another place',
  EISDIR: 'it is a folder; give the name of a file',
  ENOTDIR: 'part of the path is not a folder; check the path',
  EEXIST: 'it exists already; choose another name',
  EMFILE: 'too many files are open; close some runs and try again',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
}

/** `doing` is what failed: `open`, `write`. Paths are shown as the person gave them. */
export function fileError(doing: string, path: string, error: unknown): string {
  return `Could not ${doing} ${path}: ${reasonOf(error)}.`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // What is in the way of a folder that is to be made is a file on the way to it.
  const code = 'syscall' in error && error.syscall === 'mkdir' && codeOf(error) === 'EEXIST' ? 'ENOTDIR' : codeOf(error)
  return (code && reasons[code]) ?? error.message
}

/** The system's name for an error, such as `ENOENT`; null when it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
