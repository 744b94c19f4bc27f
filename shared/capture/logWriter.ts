// Records into blocks. Every record is appended whole in one call, so a file that was cut ends between two records or
// inside the last one.
import { laneFrom, lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { version } from '../version.ts'
import {
  createTemplate,
  type Flow,
  headersLength,
  interfaceOf,
  type PacketTemplate,
  reverseOf,
  type Segment,
  tcpFlags,
  writePacket,
} from './packets.ts'
import {
  encodeComment,
  encodeInterface,
  encodeSection,
  framePacket,
  packetFrameLength,
  packetHeadLength,
  padded,
} from './pcapng.ts'
import type { LogEntry, LogStore, StreamEnd, Topology } from './record.ts'
import { encodeComments, type SpokenRecord } from './recordText.ts'
import { type Timestamp, timestampOf } from './timestamp.ts'

/** Longest run of bytes in one record: an IP packet holds less than 64 KiB. */
export const longestChunk = 32768

const application = `Wirestep ${version}`
const fileComment =
  'A Wirestep session. One interface has what was delivered, as TCP between client and server; the other has what was ' +
  'sent to the gate and is not the same, in IP packets of protocol 253 with the same headers in them. What was sent and ' +
  'delivered at once is on the first alone, from the hardware address of the sender. Packets without bytes carry what was ' +
  'done at an end or at the gate in their comments. All headers are made up around the bytes of the streams.'
const interfaceNames = ['as delivered', 'as sent'] as const

/** What the writer has to know of a connection: its headers, and how far each of its streams has come. */
export interface WrittenConnection {
  readonly templates: FlowTemplates
  /** Bytes written to the flow so far, and one more after its FIN. */
  position(flow: Flow): number
}

export type FlowTemplates = (flow: Flow, passed: boolean) => PacketTemplate

/** The headers of a connection's four flows, and of what passed from one to another: each is made when it is needed. */
export function createTemplates(connection: number, topology: Topology): FlowTemplates {
  const made: PacketTemplate[] = []
  return (flow, passed) => {
    const place = lanes.indexOf(flow.lane) + (passed ? 4 : interfaceOf(flow) * 2)
    made[place] ??= createTemplate(connection, topology, flow, passed)
    return made[place]
  }
}

/** Writes the blocks every recording begins with. */
export function writeLogStart(store: LogStore): void {
  store.append(encodeSection(application, fileComment))
  for (const name of interfaceNames) store.append(encodeInterface(name))
}

export interface LogWriter {
  /**
   * Appends one entry, of at most `longestChunk` bytes. Returns where it is found again: the store offset of its
   * first byte for `sent`, `delivered` and `passed`, of its block (the first with a comment) for the rest.
   */
  write(entry: LogEntry, connection: WrittenConnection): number
}

/** What is in few packets. */
interface More {
  readonly options?: Uint8Array
  readonly comment?: Uint8Array
  readonly passed?: boolean
}

const noMore: More = {}
const whichPassed: More = { passed: true }
const noBytes = new Uint8Array(0)
// RFC 7323 §2.2: a window scale of 2^14, so that readers do not take the bytes the gate holds for a full window.
const windowScale = Uint8Array.of(1, 3, 3, 14)
const fullWindow = 0xffff

export function createLogWriter(store: LogStore): LogWriter {
  let spoken = 0

  function writeSegment(
    connection: WrittenConnection,
    flow: Flow,
    time: Timestamp,
    segment: Segment,
    payload: Uint8Array,
    { options = noBytes, comment = noBytes, passed = false }: More = noMore,
  ): number {
    const template = connection.templates(flow, passed)
    const payloadAt = packetHeadLength + headersLength(template, options)
    const at = store.size
    const length = payloadAt - packetHeadLength + payload.length
    const extent = store.extend(packetFrameLength + padded(length) + comment.length)
    writePacket(extent, extent.at + packetHeadLength, template, segment, options, payload)
    framePacket(extent, { interface: interfaceOf(flow), time, length }, comment)
    return payload.length > 0 ? at + payloadAt : at
  }

  function segment(connection: WrittenConnection, flow: Flow, flags: number, window = fullWindow): Segment {
    // The streams' numbers start at 0, so that a sequence number is 1 + the offset in the stream.
    return {
      flags,
      sequence: (connection.position(flow) + 1) >>> 0,
      acknowledgement: (connection.position(reverseOf(flow)) + 1) >>> 0,
      window,
    }
  }

  function writeOpening(connection: WrittenConnection, time: Timestamp): void {
    const synchronise = { flags: tcpFlags.syn, sequence: 0, acknowledgement: 0, window: fullWindow }
    const answer = { ...synchronise, flags: tcpFlags.syn | tcpFlags.ack, acknowledgement: 1 }
    // The third packet of the handshake is the one that carries the record.
    const flow: Flow = { lane: 'clientToServer', side: 'delivered' }
    writeSegment(connection, flow, time, synchronise, noBytes, { options: windowScale })
    writeSegment(connection, reverseOf(flow), time, answer, noBytes, { options: windowScale })
  }

  function writeSpoken(record: SpokenRecord, connection: WrittenConnection, time: Timestamp): number {
    if (record.kind === 'open') writeOpening(connection, time)
    const flow = flowOfSpoken(record)
    const at = store.size
    for (const comment of encodeComments(record)) {
      // A window that differs from the last one makes an empty packet a window update instead of a duplicate.
      const empty = segment(connection, flow, tcpFlags.ack, fullWindow - 1 - (spoken++ % 1024))
      writeSegment(connection, flow, time, empty, noBytes, { comment: encodeComment(comment) })
    }
    return at
  }

  return {
    write(record, connection) {
      const time = timestampOf(record.time)
      switch (record.kind) {
        case 'sent':
        case 'delivered':
        case 'passed': {
          const flow: Flow = { lane: record.lane, side: record.kind === 'sent' ? 'sent' : 'delivered' }
          const data = segment(connection, flow, tcpFlags.push | tcpFlags.ack)
          return writeSegment(
            connection,
            flow,
            time,
            data,
            record.bytes,
            record.kind === 'passed' ? whichPassed : noMore,
          )
        }
        case 'sentEnd':
        case 'deliveredEnd': {
          const flow: Flow = { lane: record.lane, side: record.kind === 'sentEnd' ? 'sent' : 'delivered' }
          return writeSegment(connection, flow, time, segment(connection, flow, endFlags(record.how)), noBytes)
        }
        case 'open':
        case 'action':
        case 'edit':
        case 'note':
          return writeSpoken(record, connection, time)
        default:
          return unreachable(record)
      }
    },
  }
}

function endFlags(how: StreamEnd): number {
  return (how === 'fin' ? tcpFlags.fin : tcpFlags.reset) | tcpFlags.ack
}

/** The packet a comment rides on is sent by whoever did the thing, to where its effect shows. */
function flowOfSpoken(record: SpokenRecord): Flow {
  switch (record.kind) {
    case 'open':
      return { lane: 'clientToServer', side: 'delivered' }
    case 'action':
      return { lane: laneFrom(record.end), side: 'sent' }
    case 'edit':
      return { lane: record.lane, side: 'delivered' }
    case 'note':
      return { lane: 'serverToClient', side: 'delivered' }
    default:
      return unreachable(record)
  }
}
