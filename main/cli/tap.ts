// `wirestep tap`: between other people's clients and their server, until Ctrl+C.

import { lanes } from '../../shared/bytes/lanes.ts'
import { formatAddress, tapUrl } from '../../shared/capture/addresses.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address, RecordOf, Topology } from '../../shared/capture/record.ts'
import type { Call } from '../../shared/commands/registry.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { createNonceBook, type NonceBook } from '../../shared/endpoint/nonceBook.ts'
import { success } from '../../shared/ipc/result.ts'
import { planRefusal, tapPlan } from '../../shared/profile/prototype2010.ts'
import { placeOf } from '../net/client.ts'
import { systemClock } from '../net/clock.ts'
import { type Gate, type GateListener, holdLimit, joinListeners } from '../net/gate.ts'
import { recordGate, recordRefusal, recordTls } from '../net/recorder.ts'
import { type Relayed, startRelay } from '../net/relay.ts'
import { isLoopback } from '../net/sentences.ts'
import { relayTls } from '../net/tls/terms.ts'
import { recorded } from './recording.ts'
import { type TapEvent, tapEventJson, tapEventText, watchTapped } from './tapEvents.ts'
import { CliError, createTeller, type Terminal, untilEither } from './terminal.ts'
import { termsOf } from './tls.ts'

type Args = Call<'tap'>['args']

export async function tap(args: Args, terminal: Terminal): Promise<number> {
  return recorded(args.record, terminal, (capture) => tapUntilStopped(args, terminal, capture))
}

async function tapUntilStopped(args: Args, terminal: Terminal, capture: Capture | undefined): Promise<number> {
  const refused = planRefusal(args.profile, tapPlan(args.listen, args.upstream))
  if (refused !== null) throw new CliError(refused)
  const upstream = args.upstream === undefined ? success('asked' as const) : placeOf(args.upstream)
  if (!upstream.ok) throw new CliError(upstream.error)
  const unread = new AbortController()
  const gates = new Set<Gate>()
  const readOn = () => {
    for (const gate of gates) for (const lane of lanes) gate.lanes[lane].readOn()
  }
  const teller = createTeller(terminal.stdout, () => unread.abort(), readOn)
  const stated = args.dialect === 'auto' ? null : dialectById(args.dialect)
  const nonces = createNonceBook()
  let last = 0
  const accepted = (client: Address) => {
    last += 1
    const connection = last
    const tell = (event: TapEvent) =>
      teller.say(args.json ? JSON.stringify(tapEventJson(connection, event)) : tapEventText(connection, event))
    tell({ kind: 'connection', client })
    return relayed({ connection, dialect: stated, capture, gates, nonces, tell })
  }
  const relay = await startRelay({
    listen: { host: args.host, port: args.listen },
    upstream: upstream.value,
    tls: relayTls(upstream.value, termsOf(args, terminal)),
    mode: 'running',
    // Whoever does not read what is told makes the traffic wait, rather than the memory grow.
    limit: () => (teller.behind ? 0 : holdLimit),
    maxConnections: args['max-connections'],
    ...(args.profile && { profile: args.profile }),
    accepted,
    onProblem: (sentence) => terminal.stderr.write(`${sentence}\n`),
  })
  if (!relay.ok) throw new CliError(relay.error)
  const { address, close } = relay.value
  if (!isLoopback(address))
    terminal.stderr.write(`${formatAddress(address)} is not a loopback address: other machines can use this tap.\n`)
  teller.say(listeningLine(args, address))
  await untilEither(terminal.interrupted, unread.signal)
  await close()
  await Promise.all([...gates].map(({ closed }) => closed))
  await teller.done()
  return 0
}

function listeningLine({ json, upstream }: Args, address: Address): string {
  const url = tapUrl(address, upstream ?? '')
  if (json) return JSON.stringify({ event: 'listening', ...address, url, upstream: upstream ?? null })
  return upstream === undefined
    ? `listening on ${formatAddress(address)} as an HTTP proxy, Ctrl+C stops`
    : `listening on ${url} for ${upstream}, Ctrl+C stops`
}

interface Tapped {
  readonly connection: number
  /** Those of all connections so far. */
  readonly nonces: NonceBook
  /** Null: its request tells. */
  readonly dialect: Dialect | null
  readonly capture: Capture | undefined
  /** Of connections that are not over yet. */
  readonly gates: Set<Gate>
  tell(event: TapEvent): void
}

/** Tells what becomes of one connection, and writes it down. */
function relayed({ connection, dialect, capture, gates, nonces, tell }: Tapped): Relayed {
  const watched = watchTapped(dialect, { book: nonces, connection }, tell)
  const openRecord = (topology: Topology): RecordOf<'open'> => ({
    kind: 'open',
    time: systemClock.now(),
    connection,
    topology,
    ...(dialect && { dialect: dialect.id }),
  })
  const note = (text: string) => capture?.append({ kind: 'note', time: systemClock.now(), connection, text })
  return {
    opened: (topology): GateListener => {
      tell({ kind: 'connected', topology })
      if (!capture) return watched.listener
      capture.append(openRecord(topology))
      return joinListeners([recordGate(capture.append, connection, systemClock.now), watched.listener])
    },
    secured: (facts) => {
      if (capture) recordTls(capture.append, connection, systemClock.now, facts)
      tell({ kind: 'tls', facts })
    },
    noted: (says) => {
      note(says)
      tell({ kind: 'note', says })
    },
    failed: (says) => {
      note(says)
      tell({ kind: 'refused', says })
      watched.closed()
    },
    joined: (gate) => {
      gates.add(gate)
      void gate.closed.then(() => {
        gates.delete(gate)
        watched.closed()
      })
    },
    refused: (topology, says) => {
      if (capture) recordRefusal(capture.append, openRecord(topology), says)
      tell({ kind: 'refused', says })
    },
  }
}
