// `wirestep policy`: the socket policy of Silverlight, served until Ctrl+C, or asked for once.

import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { policyPort, policyVerdict } from '../../shared/profile/policy.ts'
import { systemClock } from '../net/clock.ts'
import { askPolicy, type PolicyEvent, type PolicyServer, type PolicyServerOptions, servePolicy } from '../net/policy.ts'
import { recordGate } from '../net/recorder.ts'
import { startRelay } from '../net/relay.ts'
import { recorded } from './recording.ts'
import { CliError, createTeller, type Terminal, untilEither } from './terminal.ts'

type Args = Call<'policy'>['args']

export async function policy(args: Args, terminal: Terminal): Promise<number> {
  if (args.ask !== undefined) return ask(args, args.ask, terminal)
  return recorded(args.record, terminal, (capture) => serveUntilStopped(args, terminal, capture))
}

/** Where it serves, or asks. */
function placeOf({ host, listen = policyPort }: Pick<Args, 'host' | 'listen'>): Address {
  return { host, port: listen }
}

/** Exit code 0: the port may be connected to. */
async function ask({ timeout, json, ...args }: Args, port: number, terminal: Terminal): Promise<number> {
  const teller = createTeller(terminal.stdout, () => {})
  const refused = await askPolicy({ at: placeOf(args), port, timeout })
  if (!refused.ok) throw new CliError(refused.error)
  const says = policyVerdict(refused.value, port)
  teller.say(json ? JSON.stringify({ event: 'policy', port, granted: refused.value === null, says }) : says)
  await teller.done()
  return refused.value === null ? 0 : 1
}

async function serveUntilStopped(args: Args, terminal: Terminal, capture: Capture | undefined): Promise<number> {
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  const options: PolicyServerOptions = {
    listen: placeOf(args),
    ports: args.grant,
    timeout: args.timeout,
    onEvent: (connection, event) => teller.say(eventLine(connection, event, args.json)),
    onProblem: (sentence) => terminal.stderr.write(`${sentence}\n`),
  }
  const server = await (capture ? serveRecorded(options, capture) : servePolicy(options))
  if (!server.ok) throw new CliError(server.error)
  const { address, close } = server.value
  teller.say(
    args.json
      ? JSON.stringify({ event: 'listening', ...address })
      : `serving the policy on ${formatAddress(address)}, Ctrl+C stops`,
  )
  await untilEither(terminal.interrupted, unread.signal)
  await close()
  await teller.done()
  return 0
}

/** The server itself on a port nobody is told, and a relay in front of it that writes both sides down. */
async function serveRecorded(options: PolicyServerOptions, capture: Capture): Promise<Result<PolicyServer>> {
  const inner = await servePolicy({ ...options, listen: { host: '127.0.0.1', port: 0 } })
  if (!inner.ok) return inner
  let last = 0
  const relay = await startRelay({
    ...{
      listen: options.listen,
      upstream: inner.value.address,
      tls: null,
      mode: 'running',
      onProblem: options.onProblem,
    },
    accepted: () => ({
      opened: (topology) => {
        last += 1
        capture.append({ kind: 'open', time: systemClock.now(), connection: last, topology })
        return recordGate(capture.append, last, systemClock.now)
      },
    }),
  })
  if (!relay.ok) {
    await inner.value.close()
    return relay
  }
  const close = async () => {
    await relay.value.close()
    await inner.value.close()
  }
  return success({ address: relay.value.address, close })
}

function eventLine(connection: number, event: PolicyEvent, json: boolean): string {
  const { kind, ...rest } = event
  if (json) return JSON.stringify({ connection, event: kind, ...rest })
  return `${connection}  ${kind}${event.kind === 'refused' ? `  ${event.says}` : ''}`
}
