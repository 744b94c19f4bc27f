// `wirestep serve`: a server of a dialect for real clients, until Ctrl+C.
import type { Capture } from '../../shared/capture/capture.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { type Detection, detectionSentence } from '../../shared/endpoint/detect.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { hostService } from '../services/hostService.ts'
import { loadService } from '../services/loadService.ts'
import { detectionJson, eventJson, eventText } from './events.ts'
import { recorded } from './recording.ts'
import { CliError, createTeller, type Terminal, untilEither } from './terminal.ts'
import { termsOf, tlsJson, tlsText } from './tls.ts'

type Args = Call<'serve'>['args']

export async function serve(args: Args, terminal: Terminal): Promise<number> {
  return recorded(args.record, terminal, (capture) => serveUntilStopped(args, terminal, capture))
}

async function serveUntilStopped(args: Args, terminal: Terminal, capture: Capture | undefined): Promise<number> {
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  const service = await loadService(args.service)
  if (!service.ok) throw new CliError(service.error)
  const server = await hostService(service.value, {
    dialect: args.dialect,
    host: args.host,
    port: args.port,
    onEvent: (connection, event) => teller.say(eventLine(connection, event, args.json)),
    onDialect: (connection, detection) => teller.say(dialectLine(connection, detection, args.json)),
    onProblem: (sentence) => terminal.stderr.write(`${sentence}\n`),
    ...(args.tls && { tls: termsOf(args, terminal).accept }),
    onSecured: (connection, facts) =>
      teller.say(args.json ? JSON.stringify({ connection, ...tlsJson(facts) }) : `${connection}  ${tlsText(facts)}`),
    maxConnections: args['max-connections'],
    ...(args.origin.length > 0 && { origins: args.origin.map(({ value }) => value) }),
    ...(args.compress && { compress: args.compress }),
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

function eventLine(connection: number, event: EndpointEvent, json: boolean): string {
  return json ? JSON.stringify({ connection, ...eventJson(event) }) : `${connection}  ${eventText(event)}`
}

function dialectLine(connection: number, detection: Detection, json: boolean): string {
  return json
    ? JSON.stringify({ connection, ...detectionJson(detection) })
    : `${connection}  dialect  ${detectionSentence(detection)}`
}
