// `wirestep decode`: a JSON line for every unit of a saved session or of bytes given as hex.
import { createCapture } from '../../shared/capture/capture.ts'
import type { Matcher } from '../../shared/capture/matcher.ts'
import { createMemoryStore } from '../../shared/capture/memoryStore.ts'
import { recordsOfPasted, unseenOf } from '../../shared/capture/pastedSession.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { detectionSentence } from '../../shared/endpoint/detect.ts'
import type { Decoded } from '../../shared/export/unitLine.ts'
import { noteLines, unitsOfCapture } from '../../shared/export/units.ts'
import { openRecording, readKeyLog } from '../lab/recording.ts'
import { filterOf } from './filterOption.ts'
import { createSummary } from './summary.ts'
import { CliError, createOutput, interruptedCode, type Output, readAll, type Terminal } from './terminal.ts'

type Args = Call<'decode'>['args']

export async function decode(args: Args, terminal: Terminal): Promise<number> {
  const output = createOutput(terminal.stdout)
  const printing = { args, filter: filterOf(args), terminal, output }
  if ((args.file === undefined) === (args.hex === undefined)) {
    throw new CliError('decode wants a FILE, or bytes with --hex, and one of them only.')
  }
  if (args.file === undefined && args.keylog !== undefined) throw new CliError('--keylog is for a FILE of packets.')
  if (args.file === undefined) return print(await decodedBytes(args, terminal), printing)
  refuseByteOptions(args)
  return decodeFile(args.file, printing)
}

async function decodeFile(path: string, printing: Printing): Promise<number> {
  const { args, terminal, output } = printing
  const keys = readKeyLog(args.keylog)
  if (!keys.ok) throw new CliError(keys.error)
  const naming = { all: args.dialect === 'auto' ? undefined : args.dialect }
  const recording = await openRecording(path, { signal: terminal.interrupted, ...keys.value, naming })
  if (!recording.ok) throw new CliError(recording.error)
  terminal.interrupted.addEventListener('abort', recording.value.stopLoading)
  await recording.value.loaded
  const { capture, close, troubles, notes } = recording.value
  try {
    const code = await print(unitsOfCapture(capture), printing)
    if (!args.summary) for (const line of noteLines(capture)) await output.line(JSON.stringify(line))
    const problems = [...capture.problems, ...troubles]
    for (const sentence of [...problems, ...notes]) terminal.stderr.write(`${path}: ${sentence}\n`)
    return problems.length > 0 ? 1 : code
  } finally {
    close()
  }
}

/** The units of bytes that came without a session, which happened at no time. */
async function decodedBytes(args: Args, terminal: Terminal): Promise<Iterable<Decoded>> {
  const { hex, dialect, lane, open } = args
  if (!lane) throw new CliError('--hex needs --lane clientToServer or serverToClient too.')
  const text = hex === '-' ? await readAll(terminal.stdin) : (hex ?? '')
  const records = recordsOfPasted(
    {
      ...(lane === 'clientToServer' ? { client: text } : { server: text }),
      dialect: dialect ?? 'auto',
      unseen: open ? unseenOf(args) : null,
    },
    0,
  )
  if (!records.ok) throw new CliError(`--hex: ${records.error}`)
  const capture = createCapture(createMemoryStore())
  for (const record of records.value) capture.append(record)
  const { detection } = capture.connections[0]!
  return timeless(unitsOfCapture(capture), detection ? { told: detectionSentence(detection) } : {})
}

/** The first line says also what `told` has. */
function* timeless(units: Iterable<Decoded>, told: object): Iterable<Decoded> {
  let first = told
  for (const { unit, subject, line } of units) {
    const own = first
    first = {}
    yield {
      unit: { ...unit, time: null },
      subject: () => ({ ...subject(), time: null }),
      line: (fields) => ({ ...line(fields), time: null, ...own }),
    }
  }
}

function refuseByteOptions({ lane, open, key, nonce, extensions }: Args): void {
  const bytesOnly = { lane, open: open || undefined, key, nonce, extensions }
  const given = Object.entries(bytesOnly).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]))
  if (given.length > 0)
    throw new CliError(`Leave out ${given.join(' and ')}: a file knows its own, only --hex needs it.`)
}

/** What of the units is printed, and where. */
interface Printing {
  readonly args: Args
  readonly filter: Matcher | null
  readonly terminal: Terminal
  readonly output: Output
}

async function print(units: Iterable<Decoded>, { args, filter, terminal, output }: Printing): Promise<number> {
  const summary = createSummary()
  const { interrupted } = terminal
  for (const decoded of units) {
    if (interrupted.aborted) return interruptedCode
    if (filter && filter.matches(decoded.subject()) !== true) continue
    if (args.summary) summary.add(decoded.unit)
    else await output.line(JSON.stringify(decoded.line(args.fields)))
  }
  for (const line of summary.lines()) await output.line(JSON.stringify(line))
  return 0
}
