// The terminal as the CLI needs it, so that tests can stand in for it.
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable
  readonly env: NodeJS.ProcessEnv
  /** Aborted by Ctrl+C or a polite kill. */
  readonly interrupted: AbortSignal
}

/** Ends the program with one sentence on standard error, or without one when there is nothing to say. */
export class CliError extends Error {}

/** What a shell expects of a program that Ctrl+C ended. */
export const interruptedCode = 130

export interface Output {
  /** Writes a line; waits while the reader is slow. Throws a CliError when it cannot be written any more. */
  line(text: string): Promise<void>
}

export function createOutput(stream: Writable): Output {
  let broken: NodeJS.ErrnoException | null = null
  let wake = () => {}
  stream.on('error', (error) => {
    broken = error
    wake()
  })
  stream.on('drain', () => wake())
  return {
    line: async (text) => {
      if (!broken && !stream.write(`${text}\n`)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (broken) throw new CliError(brokenSentence(broken))
    },
  }
}

export interface Teller {
  /** Writes a line in its turn. */
  say(text: string): void
  /** So much waits to be written that there should not be more of it for now. */
  readonly behind: boolean
  /** Settles when all is written; throws when the reader has gone. */
  done(): Promise<void>
}

/** Characters of lines that wait, at most, where what they are about can be made to wait too. */
const mostWaiting = 4 * 1024 * 1024

/**
 * For lines that come from events, where nobody can wait. `onBroken`: nobody reads any more. `onRoom`: it is no longer
 * behind.
 */
export function createTeller(stream: Writable, onBroken: () => void, onRoom = () => {}): Teller {
  const output = createOutput(stream)
  let failed: unknown = null
  let last = Promise.resolve()
  let waiting = 0
  function written(text: string): void {
    const wasBehind = waiting > mostWaiting
    waiting -= text.length
    if (wasBehind && waiting <= mostWaiting) onRoom()
  }
  function fail(error: unknown): void {
    if (failed !== null) return
    failed = error
    onBroken()
  }
  return {
    say: (text) => {
      waiting += text.length
      last = last
        .then(() => output.line(text))
        .catch(fail)
        .then(() => written(text))
    },
    get behind() {
      return waiting > mostWaiting
    },
    done: async () => {
      await last
      if (failed !== null) throw failed
    },
  }
}

function brokenSentence({ code, message }: NodeJS.ErrnoException): string {
  // Whoever reads has read enough, as `head` does: nothing to tell.
  if (code === 'EPIPE') return ''
  return `The output cannot be written: ${message}.`
}

/** The terminal this process runs in. */
export function processTerminal(): Terminal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  const { stdin, stdout, stderr, env } = process
  return { stdin, stdout, stderr, env, interrupted: controller.signal }
}

/** All that is read from a stream, as text. */
export async function readAll(stream: Readable): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString('utf8')
}

/** Settles when one of the two is aborted. */
export async function untilEither(one: AbortSignal, other: AbortSignal): Promise<void> {
  const either = AbortSignal.any([one, other])
  if (!either.aborted) await once(either, 'abort')
}
