// What running a program takes: seconds, and at the most how much memory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

export interface Cost {
  readonly seconds: number
  /** Its peak resident set, in MiB; 0 where the system does not tell. */
  readonly memory: number
  readonly out: string
}

/** Milliseconds between two looks at the peak, which the system keeps itself. */
const lookEvery = 20

/** Runs it to its end; fails when it does. */
export async function costOf(command: string, args: readonly string[]): Promise<Cost> {
  const from = performance.now()
  const program = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let memory = 0
  const look = setInterval(() => {
    memory = Math.max(memory, peakOf(program.pid!))
  }, lookEvery)
  const [out, [code]] = await Promise.all([text(program.stdout), once(program, 'exit')])
  clearInterval(look)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
  return { seconds: (performance.now() - from) / 1000, memory, out }
}

/** Linux keeps the peak of a process in kB. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0 // it has ended, or this is no Linux
  }
}
