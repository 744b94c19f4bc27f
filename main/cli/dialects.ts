import { dialectLines } from '../../shared/commands/transcript.ts'
import { dialectViews } from '../host/dialectViews.ts'
import { createOutput, type Terminal } from './terminal.ts'

/** `wirestep dialects` */
export async function dialects(_args: object, { stdout }: Terminal): Promise<number> {
  const output = createOutput(stdout)
  for (const { text } of dialectLines(dialectViews)) await output.line(text)
  return 0
}
