// `wirestep serve`: a server of a dialect for real clients, until Ctrl+C.
import { once } from 'node:events'
import type { Call } from '../../shared/commands/registry.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { serveEndpoint } from '../net/server.ts'
import { echo } from '../services/echo.ts'
import type { Service } from '../services/service.ts'
import { eventJson, eventText } from './events.ts'
import { startRecording } from './recording.ts'
import { CliError, createTeller, type Terminal } from './terminal.ts'

type Args = Call<'serve'>['args']

const services: Readonly<Record<Args['service'], Service>> = { echo }

export async function serve(args: Args, terminal: Terminal): Promise<number> {
  const warn = (sentence: string) => void terminal.stderr.write(`${sentence}\n`)
  const recording = args.record === undefined ? null : startRecording(args.record, warn)
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  try {
    const server = await serveEndpoint({
      dialect: dialectById(args.dialect),
      host: args.host,
      port: args.port,
      service: services[args.service],
      onEvent: (connection, event) => teller.say(eventLine(connection, event, args.json)),
      onProblem: warn,
      ...(recording && { record: recording.capture }),
    })
    if (!server.ok) throw new CliError(server.error)
    const { address, url, close } = server.value
    teller.say(
      args.json ? JSON.stringify({ event: 'listening', ...address, url }) : `listening on ${url}, Ctrl+C stops`,
    )
    await untilEither(terminal.interrupted, unread.signal)
    await close()
    await teller.done()
    return 0
  } finally {
    recording?.close()
  }
}

function eventLine(connection: number, event: EndpointEvent, json: boolean): string {
  return json ? JSON.stringify({ connection, ...eventJson(event) }) : `${connection}  ${eventText(event)}`
}

async function untilEither(one: AbortSignal, other: AbortSignal): Promise<void> {
  const either = AbortSignal.any([one, other])
  if (!either.aborted) await once(either, 'abort')
}
