// Two real endpoints with a gate between them, all in memory, everything recorded: what the views are tested on.
import { type Lane, laneFrom, type Role, receiverOf } from '../../../shared/bytes/lanes.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { EditLabel, LogRecord, StreamEnd } from '../../../shared/capture/record.ts'
import { bytesToStep, type Granularity, nextLane } from '../../../shared/capture/stepping.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { act, createEndpoint, type EndpointState, receive, receiveEnd } from '../../../shared/endpoint/endpoint.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import type { Action, EndpointEnv, Step } from '../../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../../shared/extensions/perMessageDeflate.ts'
import { topologyOf } from './topology.ts'

export interface Lab {
  readonly capture: Capture
  readonly id: number
  act(end: Role, action: Action): void
  /** Releases `count` held bytes. */
  release(lane: Lane, count: number): void
  releaseEnd(lane: Lane): void
  /** One step of whatever is next; false when nothing is held. */
  step(granularity: Granularity): boolean
  /** Steps until nothing is held. */
  settle(granularity?: Granularity): void
  edit(lane: Lane, at: number, remove: number, insert: Uint8Array, label?: EditLabel): void
  /** Bytes that no endpoint of ours would send. */
  forge(end: Role, bytes: Uint8Array): void
  forgeEnd(end: Role, how: StreamEnd): void
  note(text: string): void
}

export const labUrl = 'ws://127.0.0.1:4502/demo'

/** A connection whose client has asked to open: its request is held. Times are record numbers times 10. */
export function createLab(
  dialect: DialectId,
  id = 0,
  capture = createCapture(createMemoryStore()),
  compress?: DeflateOptions,
): Lab {
  const envs: Record<Role, EndpointEnv> = {
    client: envOf(dialect, 'client', 7, compress),
    server: envOf(dialect, 'server', 8, compress),
  }
  const states: Record<Role, EndpointState> = {
    client: createEndpoint(envs.client),
    server: createEndpoint(envs.server),
  }
  const now = () => 1_700_000_000_000 + capture.length * 10
  const log = (record: Omit<LogRecord, 'time' | 'connection'>) =>
    capture.append({ ...record, time: now(), connection: id } as LogRecord)
  const connection = () => capture.connection(id)

  function take(role: Role, step: Step<EndpointState>): void {
    states[role] = step.state
    const lane = laneFrom(role)
    for (const bytes of step.send) log({ kind: 'sent', lane, bytes } as LogRecord)
    if (step.end) log({ kind: 'sentEnd', lane, how: 'fin' } as LogRecord)
  }

  const lab: Lab = {
    capture,
    id,
    act(end, action) {
      const done = act(states[end], action, envs[end])
      if (!done.ok) throw new Error(done.reason)
      log({ kind: 'action', end, action } as LogRecord)
      take(end, done.step)
    },
    release(lane, count) {
      const delivered = connection().deliveredLengthAt(lane, capture.end)
      const bytes = connection().readGate(lane, capture.end, delivered, delivered + count)
      log({ kind: 'delivered', lane, bytes } as LogRecord)
      const role = receiverOf(lane)
      take(role, receive(states[role], bytes, envs[role]))
    },
    releaseEnd(lane) {
      const how = connection().sentEndAt(lane, capture.end)
      log({ kind: 'deliveredEnd', lane, how } as LogRecord)
      const role = receiverOf(lane)
      take(role, receiveEnd(states[role], envs[role]))
    },
    step(granularity) {
      const lane = nextLane(capture, id, capture.end)
      const size = lane && bytesToStep(capture, id, capture.end, lane, granularity)
      if (!lane || !size) return false
      if (size.kind === 'end') lab.releaseEnd(lane)
      else lab.release(lane, size.count)
      return true
    },
    settle(granularity = 'unit') {
      while (lab.step(granularity));
    },
    edit: (lane, at, remove, insert, label = 'edited') =>
      log({ kind: 'edit', lane, at, remove, insert, label } as LogRecord),
    forge: (end, bytes) => log({ kind: 'sent', lane: laneFrom(end), bytes } as LogRecord),
    forgeEnd: (end, how) => log({ kind: 'sentEnd', lane: laneFrom(end), how } as LogRecord),
    note: (text) => log({ kind: 'note', text } as LogRecord),
  }
  log({ kind: 'open', topology: topologyOf(id), dialect, url: labUrl, seed: 7, inProcess: true } as LogRecord)
  lab.act('client', { kind: 'open' })
  return lab
}

function envOf(dialect: DialectId, role: Role, seed: number, compress?: DeflateOptions): EndpointEnv {
  const config = { url: labUrl, origin: 'http://example.com', limits: defaultLimits, ...(compress && { compress }) }
  return { dialect: dialectById(dialect), role, config, random: seededRandom(seed) }
}

/** A whole conversation: handshake, messages both ways, what else the dialect has, an empty one, and the close. */
export function converse(lab: Lab, granularity: Granularity = 'unit'): Lab {
  lab.settle(granularity)
  lab.act('client', { kind: 'sendText', text: 'hello' })
  if (lab.capture.connection(0).dialect.framing === 'sentinel') converseInText(lab)
  else converseInFrames(lab, granularity)
  lab.settle(granularity)
  lab.act('client', { kind: 'close' })
  lab.settle(granularity)
  return lab
}

function converseInFrames(lab: Lab, granularity: Granularity): void {
  lab.act('server', { kind: 'sendText', text: 'good day, in three pieces', fragments: 3 })
  lab.act('client', { kind: 'ping', bytes: Uint8Array.of(1, 2) })
  lab.settle(granularity)
  lab.act('server', { kind: 'sendBinary', bytes: new Uint8Array(0) })
  lab.act('client', { kind: 'sendBinary', bytes: Uint8Array.from({ length: 130 }, (_, i) => i & 0xff) })
}

/** There are no fragments, pings and bytes, but there is text longer than is read for its fields. */
function converseInText(lab: Lab): void {
  lab.act('server', { kind: 'sendText', text: 'good day, in one piece' })
  lab.act('server', { kind: 'sendText', text: '' })
  lab.act('client', { kind: 'sendText', text: 'ä'.repeat(300) })
}

/** The log of a capture, read back. */
export function recordsOf(capture: Capture): LogRecord[] {
  return Array.from({ length: capture.length }, (_, index) => capture.record(index))
}
