// `wirestep connect`: a client of a dialect against a real server. Exit code 0: as many messages came as were expected,
// and the close was clean.
import type { Capture } from '../../shared/capture/capture.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { Action, EndpointEvent } from '../../shared/endpoint/types.ts'
import { compressionObjection } from '../../shared/extensions/perMessageDeflate.ts'
import { type ClientConnection, connectEndpoint } from '../net/client.ts'
import { readProxyUrl } from '../net/proxy.ts'
import { sendingOf } from '../services/session.ts'
import { eventJson, eventText } from './events.ts'
import { recorded } from './recording.ts'
import { CliError, createTeller, type Terminal } from './terminal.ts'
import { termsOf, tlsJson, tlsText } from './tls.ts'

type Args = Call<'connect'>['args']

/** What has happened on the connection so far. */
interface Course {
  opened: boolean
  messages: number
  clean: boolean
  /** The time was up, or Ctrl+C was pressed, before the connection was over. */
  cut: 'late' | 'stopped' | null
  /** Why something that was to be sent was not. */
  refused: string | null
}

/** Milliseconds for what has to happen, when none were given. */
const patience = 10_000
/** Milliseconds the server has to answer our close after Ctrl+C. */
const parting = 1_000

export async function connect(args: Args, terminal: Terminal): Promise<number> {
  const objection = compressionObjection(args.compress, dialectById(args.dialect))
  if (objection !== null) throw new CliError(objection)
  if (args.again) return echoAgain(args, terminal)
  return recorded(args.record, terminal, (capture) => converse(args, terminal, capture))
}

/** Echoes on one connection after the other, however each ends, until nobody listens any more. */
async function echoAgain(args: Args, terminal: Terminal): Promise<number> {
  if (!args.echo) throw new CliError('--again goes with --echo: it is for servers that test a client.')
  if (args.record !== undefined)
    throw new CliError('--again makes many connections, and --record keeps one: leave one out.')
  const { url, dialect } = args
  const gone = new AbortController()
  const teller = createTeller(terminal.stdout, () => gone.abort())
  const signal = AbortSignal.any([terminal.interrupted, gone.signal])
  const tls = termsOf(args, terminal).dial
  for (let made = 0; !signal.aborted; made++) {
    let connection: ClientConnection | null = null
    const dialled = await connectEndpoint({
      url,
      dialect: dialectById(dialect),
      // One of its own for each: what listens on it goes with the connection.
      signal: AbortSignal.any([signal]),
      tls,
      onEvent(event) {
        teller.say(args.json ? JSON.stringify(eventJson(event)) : eventText(event))
        if (event.kind === 'message') connection?.act(sendingOf(event))
      },
      ...asked(args),
    })
    if (!dialled.ok && made === 0) throw new CliError(dialled.error)
    if (!dialled.ok) break
    connection = dialled.value
    await connection.closed
  }
  await teller.done()
  return 0
}

async function converse(args: Args, terminal: Terminal, capture: Capture | undefined): Promise<number> {
  const proxy = args.proxy === undefined ? null : readProxyUrl(args.proxy)
  if (proxy && !proxy.ok) throw new CliError(proxy.error)
  const course: Course = { opened: false, messages: 0, clean: false, cut: null, refused: null }
  const cut = new AbortController()
  let connection: ClientConnection | null = null
  const teller = createTeller(terminal.stdout, leave)
  let timer = setTimeout(giveUp, args.timeout ?? patience, 'late')
  terminal.interrupted.addEventListener('abort', leave)
  const dialled = await connectEndpoint({
    url: args.url,
    dialect: dialectById(args.dialect),
    onEvent,
    signal: cut.signal,
    tls: termsOf(args, terminal).dial,
    onSecured: (facts) => teller.say(args.json ? JSON.stringify(tlsJson(facts)) : tlsText(facts)),
    ...asked(args),
    ...(proxy && { proxy: proxy.value }),
    ...(capture && { record: capture }),
  })
  if (dialled.ok) {
    connection = dialled.value
    await connection.closed
  }
  clearTimeout(timer)
  await teller.done()
  const problem = dialled.ok || course.cut ? problemOf(course, args) : dialled.error
  if (problem) throw new CliError(problem)
  return 0

  function onEvent(event: EndpointEvent): void {
    teller.say(args.json ? JSON.stringify(eventJson(event)) : eventText(event))
    if (event.kind === 'open' && connection) begin(course, connection, args)
    if (event.kind === 'message') {
      course.messages++
      if (args.echo) connection?.act(sendingOf(event))
    }
    if (event.kind === 'close') course.clean = event.clean
    const waits = args.expect !== undefined || args.timeout !== undefined
    if (event.kind === 'close' || (event.kind === 'open' && !waits)) clearTimeout(timer)
    if (course.opened && course.messages === args.expect) close()
  }

  /** Begins the closing handshake, where there can be one now. */
  function close(): boolean {
    return connection?.state === 'OPEN' && connection.act({ kind: 'close' }).ok
  }

  /** Somebody wants to go: the server gets a moment to close properly. */
  function leave(): void {
    clearTimeout(timer)
    if (close()) timer = setTimeout(giveUp, parting, 'stopped')
    else giveUp('stopped')
  }

  function giveUp(why: 'late' | 'stopped'): void {
    course.cut ??= why
    cut.abort()
  }
}

/** What the request asks for, and what the client keeps to. */
function asked({ origin, subprotocol, compress, profile, flaw }: Args) {
  return {
    ...(origin !== undefined && { origin }),
    ...(subprotocol.length > 0 && { subprotocols: subprotocol.map(({ value }) => value) }),
    ...(compress && { compress }),
    ...(profile && { profile }),
    ...(flaw && { flaw }),
  }
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

function problemOf({ opened, messages, clean, cut, refused }: Course, { url, expect, timeout }: Args): string | null {
  const wanted = expect ?? 0
  if (clean && messages >= wanted) return refused
  if (cut === 'late') {
    const what =
      opened && messages < wanted
        ? `${messages} of ${wanted} messages came`
        : `it was not ${opened ? 'closed' : 'open'}`
    return `${url}: ${what} within ${timeout ?? patience} ms; --timeout MS waits longer.`
  }
  if (cut === 'stopped') return `${url}: stopped before the connection was ${opened ? 'closed' : 'open'}.`
  if (!opened) return `${url}: the connection was closed before it was open; the server may speak another dialect.`
  if (messages >= wanted) return `${url}: the connection ended without a closing handshake.`
  const early = `${url}: the connection was closed after ${messages} of ${wanted} messages.`
  return clean ? (refused ?? early) : early
}
