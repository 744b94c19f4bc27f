// `wirestep serve`: a server of a dialect for real clients, until Ctrl+C.
import type { Capture } from '../../shared/capture/capture.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { type Detection, detectionSentence } from '../../shared/endpoint/detect.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { compressionObjection } from '../../shared/extensions/perMessageDeflate.ts'
import { type HostOptions, hostService } from '../services/hostService.ts'
import { loadService } from '../services/loadService.ts'
import { detectionJson, eventJson, eventText } from './events.ts'
import { recorded } from './recording.ts'
import { CliError, createTeller, type Terminal, untilEither } from './terminal.ts'
import { acceptTerms, tlsJson, tlsText } from './tls.ts'

type Args = Call<'serve'>['args']

export async function serve(args: Args, terminal: Terminal): Promise<number> {
  return recorded(args.record, terminal, (capture) => serveUntilStopped(args, terminal, capture))
}

async function serveUntilStopped(args: Args, terminal: Terminal, capture: Capture | undefined): Promise<number> {
  const objection = args.dialect === 'auto' ? null : compressionObjection(args.compress, dialectById(args.dialect))
  if (objection !== null) throw new CliError(objection)
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  const service = await loadService(args.service)
  if (!service.ok) throw new CliError(service.error)
  const tls = acceptTerms(args, terminal)
  const server = await hostService(service.value, {
    dialect: args.dialect,
    host: args.host,
    port: args.port,
    ...wishesOf(args),
    onEvent: (connection, event) => teller.say(eventLine(connection, event, args.json)),
    onDialect: (connection, detection) => teller.say(dialectLine(connection, detection, args.json)),
    onProblem: (sentence) => terminal.stderr.write(`${sentence}\n`),
    ...(tls && { tls }),
    onSecured: (connection, facts) =>
      teller.say(args.json ? JSON.stringify({ connection, ...tlsJson(facts) }) : `${connection}  ${tlsText(facts)}`),
    ...(args.compress && { compress: args.compress }),
    ...(args.profile && { profile: args.profile }),
    ...(capture && { record: capture }),
  })
  if (!server.ok) throw new CliError(server.error)
  const { address, url, close } = server.value
  teller.say(args.json ? JSON.stringify({ event: 'listening', ...address, url }) : `listening on ${url}, Ctrl+C stops`)
  await untilEither(terminal.interrupted, unread.signal)
  await close()
  await teller.done()
  return 0
}

/** Whom to let in, and for how long and how much; what is left out is as the host has it. */
function wishesOf(args: Args): HostOptions {
  const [origins, subprotocols] = [args.origin, args.subprotocol].map((given) => given.map(({ value }) => value))
  return defined({
    path: args.path,
    origins: origins!.length > 0 ? origins : undefined,
    subprotocols: subprotocols!.length > 0 ? subprotocols : undefined,
    maxConnections: args['max-connections'],
    maxMessageSize: args['max-message'],
    handshakeTimeout: args['handshake-timeout'],
    idleTimeout: args['idle-timeout'],
    pingInterval: args['ping-interval'],
  })
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what is undefined: a host tells that from what is left out. */
function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}

function eventLine(connection: number, event: EndpointEvent, json: boolean): string {
  return json ? JSON.stringify({ connection, ...eventJson(event) }) : `${connection}  ${eventText(event)}`
}

function dialectLine(connection: number, detection: Detection, json: boolean): string {
  return json
    ? JSON.stringify({ connection, ...detectionJson(detection) })
    : `${connection}  dialect  ${detectionSentence(detection)}`
}
