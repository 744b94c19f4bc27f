// `wirestep decode`: a JSON line for every unit of a saved session or of bytes given as hex.
import { readFileSync } from 'node:fs'
import { parseHex } from '../../shared/bytes/hex.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import { createMatcher, type Matcher } from '../../shared/capture/matcher.ts'
import { parseExpression } from '../../shared/commands/expressionGrammar.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { createDetector, type Detection } from '../../shared/endpoint/detect.ts'
import type { Decoded } from '../../shared/export/unitLine.ts'
import { noteLines, unitsOfCapture } from '../../shared/export/units.ts'
import { framingOf } from '../../shared/framing/header.ts'
import { openRecording } from '../lab/recording.ts'
import { fileError } from '../store/fileErrors.ts'
import { unitsOfBytes } from './decodeBytes.ts'
import { createSummary } from './summary.ts'
import { CliError, createOutput, interruptedCode, type Output, readAll, type Terminal } from './terminal.ts'

type Args = Call<'decode'>['args']

export async function decode(args: Args, terminal: Terminal): Promise<number> {
  const output = createOutput(terminal.stdout)
  if ((args.file === undefined) === (args.hex === undefined)) {
    throw new CliError('decode wants a FILE, or bytes with --hex, and one of them only.')
  }
  if (args.file === undefined && args.keylog !== undefined) throw new CliError('--keylog is for a FILE of packets.')
  if (args.file === undefined) return print(await decodedBytes(args, terminal), args, terminal, output)
  refuseByteOptions(args)
  return decodeFile(args.file, args, terminal, output)
}

async function decodeFile(path: string, args: Args, terminal: Terminal, output: Output): Promise<number> {
  const keys = args.keylog === undefined ? {} : { keys: readKeyLog(args.keylog) }
  const recording = await openRecording(path, { signal: terminal.interrupted, ...keys })
  if (!recording.ok) throw new CliError(recording.error)
  terminal.interrupted.addEventListener('abort', recording.value.stopLoading)
  await recording.value.loaded
  const { capture, close, troubles, notes } = recording.value
  try {
    const code = await print(unitsOfCapture(capture), args, terminal, output)
    if (!args.summary) for (const line of noteLines(capture)) await output.line(JSON.stringify(line))
    const problems = [...capture.problems, ...troubles]
    for (const sentence of [...problems, ...notes]) terminal.stderr.write(`${path}: ${sentence}\n`)
    return problems.length > 0 ? 1 : code
  } finally {
    close()
  }
}

function readKeyLog(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CliError(fileError('read', path, error))
  }
}

async function decodedBytes({ hex, dialect, lane, open }: Args, terminal: Terminal): Promise<Iterable<Decoded>> {
  if (!lane) throw new CliError('--hex needs --lane clientToServer or serverToClient too.')
  const bytes = parseHex(hex === '-' ? await readAll(terminal.stdin) : (hex ?? ''))
  if (!bytes.ok) throw new CliError(`--hex is not hex: ${bytes.error}`)
  const stated = dialect === undefined || dialect === 'auto' ? null : dialectById(dialect)
  if (stated && open && framingOf(stated, lane).awaitsKey) {
    throw new CliError(
      `${stated.name} frames of a client cannot be read by themselves: their mask takes both heads of the handshake, which a recording has.`,
    )
  }
  const told = stated ? null : tellDialect(bytes.value, lane, open)
  return unitsOfBytes({ dialect: stated ?? told!.dialect, detection: told, lane, open, bytes: bytes.value })
}

function tellDialect(bytes: Uint8Array, lane: Lane, open: boolean): Detection {
  const hint = 'say it with --dialect ID'
  if (lane !== 'clientToServer' || open) {
    throw new CliError(`Only the request of a client tells the dialect, and it is not among these bytes: ${hint}.`)
  }
  const detection = createDetector().feed(bytes)
  if (!detection) throw new CliError(`The request is not whole, so that it does not tell the dialect: ${hint}.`)
  return detection
}

function refuseByteOptions({ dialect, lane, open }: Args): void {
  const given = [dialect && '--dialect', lane && '--lane', open && '--open'].filter(Boolean)
  if (given.length > 0)
    throw new CliError(`Leave out ${given.join(' and ')}: a file knows its own, only --hex needs it.`)
}

function filterOf({ filter }: Args): Matcher | null {
  if (filter === undefined) return null
  const expression = parseExpression(filter)
  if (!expression.ok) throw new CliError(`--filter: ${expression.error}`)
  return createMatcher(expression.value)
}

async function print(units: Iterable<Decoded>, args: Args, { interrupted }: Terminal, output: Output): Promise<number> {
  const summary = createSummary()
  const filter = filterOf(args)
  for (const decoded of units) {
    if (interrupted.aborted) return interruptedCode
    if (filter && filter.matches(decoded.subject()) !== true) continue
    if (args.summary) summary.add(decoded.unit)
    else await output.line(JSON.stringify(decoded.line(args.fields)))
  }
  for (const line of summary.lines()) await output.line(JSON.stringify(line))
  return 0
}
