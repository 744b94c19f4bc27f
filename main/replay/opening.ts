// The opening handshake of a replay: an endpoint of the dialect makes it anew, the recorded head gives it its other lines.
import { randomBytes } from 'node:crypto'
import { laneTo } from '../../shared/bytes/lanes.ts'
import type { ConnectionCapture } from '../../shared/capture/types.ts'
import { act, createEndpoint, receive } from '../../shared/endpoint/endpoint.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import { isFinal } from '../../shared/endpoint/tables.ts'
import type { EndpointConfig, EndpointEnv, Step } from '../../shared/endpoint/types.ts'
import { parseExtensions } from '../../shared/extensions/grammar.ts'
import {
  type DeflateOptions,
  parseDeflateOptions,
  perMessageDeflate,
} from '../../shared/extensions/perMessageDeflate.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import { headFacts } from '../../shared/replay/headFacts.ts'
import { repeatHead } from '../../shared/replay/heads.ts'
import type { Script } from '../../shared/replay/script.ts'
import type { Wire } from '../net/wire.ts'

export interface OpeningOptions {
  readonly script: Script
  readonly wire: Wire
  /** The connection as it is written down while it lives. */
  live(): ConnectionCapture
  /** Where the connection goes, and what is asked for there when it is not to be what was recorded. */
  readonly url: string
  readonly target: string | null
  /** Milliseconds to wait for each part of the other end's. */
  readonly timeout: number
  onFault(fault: Fault): void
}

export type Opened = 'open' | 'refused' | 'late'

/** Settles when the connection is open, was refused by either end, or the other end takes too long. */
export async function openConnection(options: OpeningOptions): Promise<Opened> {
  const { script, wire, live, timeout } = options
  const env = environment(options)
  let state = createEndpoint(env)
  const take = async (step: Step<typeof state>) => {
    state = step.state
    for (const fault of step.faults) options.onFault(fault)
    for (const bytes of step.send) await wire.send(bytes)
    if (step.end) wire.end()
  }
  if (script.role === 'client') {
    const asked = act(state, { kind: 'open' }, env)
    if (!asked.ok) throw new Error(asked.reason) // a URL that parses, and nothing else of our own
    await take(asked.step)
  }
  const lane = laneTo(script.role)
  for (let next = 0; state.name !== 'OPEN'; next++) {
    const late = await wire.wait(() => live().rowCount > next, timeout)
    if (late) return 'late'
    if (isFinal(state.name) || live().rowCount <= next) return 'refused'
    const row = live().row(next)
    if (row.lane !== lane) continue
    await take(receive(state, live().readDelivered(lane, row.span.start, row.span.end), env))
    if (isFinal(state.name)) return 'refused'
  }
  return 'open'
}

function environment({ script, url, target }: OpeningOptions): EndpointEnv {
  const { role, dialect, head } = script
  const kind = role === 'client' ? 'request' : 'response'
  return {
    dialect,
    role,
    config: role === 'client' ? { url, limits: defaultLimits } : serverConfig(script, url),
    random: randomBytes,
    rewriteHead: (made) => repeatHead(head, made, kind, dialect, target),
  }
}

/** A server that chooses as the recorded one did, from what is offered this time. */
function serverConfig({ head, dialect }: Script, url: string): EndpointConfig {
  const facts = headFacts(head, 'response', dialect)
  const said = (name: string) => facts.find((fact) => fact.name === name)?.value ?? null
  const [subprotocol, compress] = [said('subprotocol'), compressionOf(said('extensions'))]
  return {
    url,
    limits: defaultLimits,
    ...(subprotocol !== null && { subprotocols: [subprotocol] }),
    ...(compress && { compress }),
  }
}

function compressionOf(extensions: string | null): DeflateOptions | null {
  const chosen = parseExtensions(extensions ?? '')?.find(({ name }) => name === perMessageDeflate)
  if (!chosen) return null
  const parameters = chosen.parameters.map(({ name, value }) => (value === null ? name : `${name}=${value}`))
  const options = parseDeflateOptions(parameters.join('; '))
  return options.ok ? options.value : null
}
