// What the file system says, as one plain sentence.

/** Why a file cannot be read. */
export function fileProblem(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return `There is no file ${path}; check its name.`
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user; check its permissions.`
    case 'EISDIR':
      return `${path} is a folder; name a file in it.`
    default:
      return `${path} cannot be read: ${message}.`
  }
}
