// `wirestep connect`: a client of a dialect against a real server. Exit code 0: as many messages came as were expected,
// and the close was clean.
import type { Call } from '../../shared/commands/registry.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { Action, EndpointEvent } from '../../shared/endpoint/types.ts'
import { type ClientConnection, connectEndpoint } from '../net/client.ts'
import { eventJson, eventText } from './events.ts'
import { startRecording } from './recording.ts'
import { CliError, createTeller, type Terminal } from './terminal.ts'

type Args = Call<'connect'>['args']

/** What has happened on the connection so far. */
interface Course {
  opened: boolean
  messages: number
  clean: boolean
  late: boolean
  /** Why something that was to be sent was not. */
  refused: string | null
}

export async function connect(args: Args, terminal: Terminal): Promise<number> {
  const warn = (sentence: string) => void terminal.stderr.write(`${sentence}\n`)
  const recording = args.record === undefined ? null : startRecording(args.record, warn)
  try {
    return await converse(args, terminal, recording && { record: recording.capture })
  } finally {
    recording?.close()
  }
}

type Recorded = Pick<Parameters<typeof connectEndpoint>[0], 'record'> | null

async function converse(args: Args, terminal: Terminal, recorded: Recorded): Promise<number> {
  const course: Course = { opened: false, messages: 0, clean: false, late: false, refused: null }
  const teller = createTeller(terminal.stdout, leave)
  const dialled = await connectEndpoint({ url: args.url, dialect: dialectById(args.dialect), onEvent, ...recorded })
  if (!dialled.ok) throw new CliError(dialled.error)
  const connection = dialled.value

  function onEvent(event: EndpointEvent): void {
    teller.say(args.json ? JSON.stringify(eventJson(event)) : eventText(event))
    if (event.kind === 'open') begin(course, connection, args)
    if (event.kind === 'message') course.messages++
    if (event.kind === 'close') course.clean = event.clean
    const enough = course.opened && course.messages === args.expect
    if (enough && (event.kind === 'open' || event.kind === 'message')) leave()
  }

  /** Ends the connection as the dialect has it; at once where it cannot be closed yet. */
  function leave(): void {
    if (!connection.act({ kind: 'close' }).ok) connection.destroy()
  }

  terminal.interrupted.addEventListener('abort', leave)
  const timer = startTimer(args, course, connection)
  await connection.closed
  clearTimeout(timer)
  await teller.done()
  const problem = problemOf(course, args)
  if (problem) throw new CliError(problem)
  return 0
}

/** Sends what was asked for, in the order it was given. */
function begin(course: Course, connection: ClientConnection, args: Args): void {
  course.opened = true
  const actions: readonly { readonly at: number; readonly action: Action }[] = [
    ...args.send.map(({ at, value }) => ({ at, action: { kind: 'sendText', text: value } as const })),
    ...args['send-hex'].map(({ at, value }) => ({ at, action: { kind: 'sendBinary', bytes: value } as const })),
  ]
  for (const { action } of [...actions].sort((a, b) => a.at - b.at)) {
    const sent = connection.act(action)
    if (!sent.ok) course.refused ??= sent.error
  }
}

/** Without an expected count there is nothing to be late with: the server may take its time. */
function startTimer(
  { expect, timeout }: Args,
  course: Course,
  connection: ClientConnection,
): NodeJS.Timeout | undefined {
  if (expect === undefined) return undefined
  return setTimeout(() => {
    course.late = true
    connection.destroy()
  }, timeout)
}

function problemOf({ opened, messages, clean, late, refused }: Course, { url, expect, timeout }: Args): string | null {
  const wanted = expect ?? 0
  if (late) return `${url}: ${messages} of ${wanted} messages came within ${timeout} ms; --timeout MS waits longer.`
  if (!opened) return `${url}: the connection was closed before it was open; the server may speak another dialect.`
  if (refused) return refused
  if (messages < wanted) return `${url}: the connection was closed after ${messages} of ${wanted} messages.`
  return clean ? null : `${url}: the connection ended without a closing handshake.`
}
