// `--record FILE` of serve and connect: a new file, or one sentence why not.
import { resolve } from 'node:path'
import { type Capture, createCapture } from '../../shared/capture/capture.ts'
import { type Recording, recordTo } from '../lab/recording.ts'
import { createScratchStore } from '../store/openedStore.ts'
import { CliError, type Terminal } from './terminal.ts'

/**
 * Does `work` with a recording at `path`, or with none when that is undefined. What goes wrong with the file later is
 * told on standard error; a recording that is not whole in the end is a failure. A failure before the first connection
 * leaves no file.
 */
export async function recorded<T>(
  path: string | undefined,
  terminal: Terminal,
  work: (capture: Capture | undefined) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(undefined)
  const recording = begin(path, terminal)
  try {
    const done = await work(recording.capture)
    recording.close()
    if (recording.unwritten > 0) throw new CliError(lackSentence(recording))
    return done
  } catch (error) {
    if (recording.capture.length === 0) recording.discard()
    else recording.close()
    throw error
  }
}

function lackSentence({ path, unwritten }: Recording): string {
  return `${path} lacks the last ${unwritten} bytes of the session: it could not be written to the end, and what was in memory is gone.`
}

/** As `recorded`, but with no path into a file that lasts as long as the work, since the work looks at it. */
export function recordedAnyway<T>(
  path: string | undefined,
  terminal: Terminal,
  work: (capture: Capture) => Promise<T>,
): Promise<T> {
  return recorded(path, terminal, async (capture) => {
    if (capture) return work(capture)
    const store = createScratchStore('the replay', (sentence) => terminal.stderr.write(`${sentence}\n`))
    if (!store.ok) throw new CliError(store.error)
    try {
      return await work(createCapture(store.value))
    } finally {
      store.value.close()
    }
  })
}

function begin(path: string, { stderr }: Terminal): Recording {
  const recording = recordTo(resolve(path), (sentence) => stderr.write(`${sentence}\n`))
  if (!recording.ok) throw new CliError(recording.error)
  return recording.value
}
