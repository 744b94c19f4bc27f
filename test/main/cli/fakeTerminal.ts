// A terminal in memory: what was printed, and a Ctrl+C to press.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { runProgram } from '../../../main/cli/program.ts'
import type { Terminal } from '../../../main/cli/terminal.ts'

export interface Session {
  readonly terminal: Terminal
  out(): string
  err(): string
  /** Settles with the first line of output that `matches`. */
  line(matches: (line: string) => boolean): Promise<string>
  interrupt(): void
}

export function openTerminal(input = ''): Session {
  const controller = new AbortController()
  const out = collect()
  const err = collect()
  const stdin = input === '' ? new PassThrough() : Readable.from([Buffer.from(input)])
  return {
    terminal: {
      stdin,
      stdout: out.stream,
      stderr: err.stream,
      env: { WIRESTEP_DATA: mkdtempSync(join(tmpdir(), 'wirestep-cli-')) },
      interrupted: controller.signal,
    },
    out: out.text,
    err: err.text,
    line: out.line,
    interrupt: () => controller.abort(),
  }
}

function collect() {
  let text = ''
  let wake = () => {}
  const stream = new Writable({
    write(part, _encoding, done) {
      text += part
      wake()
      done()
    },
  })
  async function line(matches: (line: string) => boolean): Promise<string> {
    for (let from = 0; ; ) {
      const end = text.lastIndexOf('\n')
      const found = end < from ? undefined : text.slice(from, end).split('\n').find(matches)
      if (found !== undefined) return found
      from = Math.max(from, end + 1)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { stream, text: () => text, line }
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs `wirestep` with these words to its end. */
export async function wirestep(words: readonly string[], input = ''): Promise<Ran> {
  const session = openTerminal(input)
  const code = await runProgram(words, session.terminal)
  return { code, out: session.out(), err: session.err() }
}
