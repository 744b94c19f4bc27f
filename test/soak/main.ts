// `npm run soak`: the soak in full, its figures, and an exit code.
import { parseArgs } from 'node:util'
import { type Delays, runSoak, type SoakReport } from './soak.ts'

const usage = 'Usage: npm run soak -- [--sessions N] [--seconds N]'

function read(): { readonly sessions: number; readonly seconds: number } {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { sessions: { ...text, default: '1000' }, seconds: { ...text, default: '120' } },
  })
  const [sessions, seconds] = [Number(values.sessions), Number(values.seconds)]
  if (Number.isInteger(sessions) && sessions >= 1 && sessions <= 4000 && seconds >= 1) return { sessions, seconds }
  throw new Error(`--sessions goes from 1 to 4000, --seconds from 1. ${usage}`)
}

function lines({ peak, visits, messages, ticks, quiet, underAttack, heap, attacks, problems }: SoakReport): string[] {
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  const delay = ({ count, median, p99 }: Delays) => `${count} echoes, half within ${median} ms, 99% within ${p99} ms`
  return [
    `sessions at once        ${peak} at most`,
    `connections made        ${visits}`,
    `messages echoed         ${messages}, none lost or out of order unless said below`,
    `ticks received          ${ticks}`,
    `echoes without attack   ${delay(quiet)}`,
    `echoes under attack     ${delay(underAttack)}`,
    ...Object.entries(attacks).map(
      ([name, { made, ended, bytes }]) =>
        `${name.padEnd(24)}${made} connections, ${ended} ended by the server, ${mib(bytes)} taken`,
    ),
    ...(heap
      ? [
          `heap                    ${mib(heap.before)} before, ${mib(heap.after)} after: ${((heap.after / heap.before - 1) * 100).toFixed(1)}%`,
        ]
      : []),
    ...problems.map((problem) => `FAILED: ${problem}`),
    problems.length === 0 ? 'passed' : `${problems.length} things are not as they have to be`,
  ]
}

try {
  const { sessions, seconds } = read()
  const report = await runSoak({
    sessions,
    load: { seconds },
    handshakeTimeout: 5000,
    looksAtHeap: true,
    tell: (line) => console.log(line),
  })
  for (const line of lines(report)) console.log(line)
  process.exitCode = report.problems.length === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
