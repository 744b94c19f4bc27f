// `wirestep export`: a saved session, or a part of it, as a file for others.
import { resolve } from 'node:path'
import type { Call } from '../../shared/commands/registry.ts'
import { exportSession } from '../lab/exporting.ts'
import { openRecording } from '../lab/recording.ts'
import { filterOf } from './filterOption.ts'
import { CliError, interruptedCode, type Terminal } from './terminal.ts'

/** Says what the file lacks on standard error. Succeeds with problems of the session only when there are none. */
export async function exportFile(
  args: Call<'export'>['args'],
  { stdout, stderr, interrupted }: Terminal,
): Promise<number> {
  const { file, to, redact } = args
  if (file === undefined) throw new CliError('export wants a FILE: the session to write.')
  filterOf(args)
  const recording = await openRecording(file, { signal: interrupted })
  if (!recording.ok) throw new CliError(recording.error)
  await recording.value.loaded
  const { capture, troubles, notes, close } = recording.value
  try {
    const done = await exportSession(
      recording.value,
      {
        ...args,
        to: resolve(to),
        redact: redact.map(({ value }) => value),
      },
      { signal: interrupted },
    )
    if (!done.ok && interrupted.aborted) return interruptedCode
    if (!done.ok) throw new CliError(done.error)
    const problems = [...capture.problems, ...troubles]
    for (const sentence of [...problems, ...notes]) stderr.write(`${file}: ${sentence}\n`)
    for (const sentence of done.value.notes) stderr.write(`${sentence}\n`)
    stdout.write(`${done.value.path}\n`)
    return problems.length > 0 ? 1 : 0
  } finally {
    close()
  }
}
