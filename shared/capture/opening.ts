// Opening what was saved: a recording of ours, packets that others captured, or the messages of a HAR. It is read step by
// step, so that whoever opens a long session can look at the beginning, do other things in between, and stop.
import { decodeUtf8 } from '../bytes/utf8.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { type Capture, createCapture, createIndex, type LogOpening, openLog } from './capture.ts'
import { type HarImport, importHar } from './importHar.ts'
import { createPacketImport } from './importPackets.ts'
import type { ImportSink } from './importState.ts'
import { keyLogIn, packetReader, type ReadPackets } from './packetFile.ts'
import type { ByteStore, LogEntry, LogStore, Time } from './record.ts'
import type { Naming } from './types.ts'
import { createUnsealing } from './unsealing.ts'

export interface Opening {
  /** What was read so far. Before its first connection is there it may become another one. */
  readonly capture: Capture
  /** Bytes of the file read so far. */
  readonly at: number
  /** Whether the bytes are in packets of another tool, so that a copy of the file is no recording of ours. */
  readonly isForeign: boolean
  /** Decryption Secrets blocks of the file: what is made of it keeps them. */
  readonly secrets: readonly Uint8Array[]
  /** What was passed over, put right or reconstructed, as sentences. */
  notes(): readonly string[]
  /** Reads the next thing. False when there is none: when all is read, and while more has to come. */
  next(): boolean
  /** When all is read: why there is nothing to show, as a sentence; null when there is something. */
  refusal(): string | null
}

/** Makes a store for what is in no file. */
export type Scratch = () => Result<LogStore>

/** Bytes that have to be there, or all there are, to say what a file is. */
export const leastToOpen = 64
/** Longest HAR file, in bytes: it has to be in memory as a whole. */
export const longestHar = 256 * 1024 * 1024
/** Packets of others before the first of ours: then it is no recording of ours. */
const mostForeign = 1000

/** What a person knows of a file that is not in it. */
export interface Known {
  /** A key log: TLS in packets is read with it, and with the secrets in the file. */
  readonly keys?: Uint8Array
  readonly naming?: Naming
}

/**
 * Begins to read `store`, of which the first `leastToOpen` bytes are there. What it holds no bytes of is made into a
 * recording in the store that `scratch` makes. A failure says why it is nothing that is read.
 */
export function openSession(store: ByteStore, scratch: Scratch, known: Known = {}): Result<Opening> {
  const log = openLog(store, known.naming)
  const asPackets = (read: ReadPackets) => openPackets(read, store, scratch, known)
  if (log.ok) return success(recordingOrPackets(store, log.value, asPackets))
  const read = packetReader(store)
  if (read) return success(asPackets(read))
  if (beginsLikeJson(store)) {
    if (known.naming && namesAny(known.naming)) return failure(harNeedsNone)
    return openMessages(store, scratch)
  }
  const kinds = 'The file is none that Wirestep reads: pcapng, pcap and HAR are, each also compressed with gzip.'
  return failure(store.size === 0 ? log.error : kinds)
}

const harNeedsNone =
  'A HAR has messages and no frames: they are shown as frames of RFC 6455, whatever they were. Open it without a dialect.'

function namesAny({ some, all }: Naming): boolean {
  return all !== undefined || (some?.size ?? 0) > 0
}

/** A pcapng file is a recording of ours unless nothing in it opens a connection: then it may be packets of others. */
function recordingOrPackets(store: ByteStore, log: LogOpening, asPackets: (read: ReadPackets) => Opening): Opening {
  const own = openOwn(log)
  const { reader } = log
  let packets: Opening | null = null
  const shown = () => (packets === null || (packets.refusal() !== null && reader.ours > 0) ? own : packets)

  function turnToPackets(): boolean {
    packets = asPackets(packetReader(store)!)
    return true
  }

  function next(): boolean {
    if (packets !== null) return packets.next()
    const goesOn = own.next()
    if (own.capture.connections.length > 0 || (!goesOn && store.isFilling)) return goesOn
    if (goesOn && (reader.ours > 0 || reader.foreign < mostForeign)) return true
    return reader.ours + reader.foreign > 0 && turnToPackets()
  }

  return {
    get capture() {
      return shown().capture
    },
    get at() {
      return (packets ?? own).at
    },
    get isForeign() {
      return shown().isForeign
    },
    get secrets() {
      return shown().secrets
    },
    notes: () => shown().notes(),
    next,
    refusal: () => shown().refusal(),
  }
}

function openOwn({ capture, reader }: LogOpening): Opening {
  return {
    ...{ capture, isForeign: false, secrets: [], next: reader.next },
    get at() {
      return reader.at
    },
    notes: () => [],
    refusal: () => null,
  }
}

function openPackets(read: ReadPackets, store: ByteStore, scratch: Scratch, { keys, naming = {} }: Known): Opening {
  const unsealing = createUnsealing(store, scratch, keys)
  const { capture, ...index } = createIndex(unsealing.store, problems, naming)
  const sink: ImportSink = {
    record: (record) => index.record(inTime(record)),
    passed: (slice, offset) => index.passed(inTime(slice), offset),
  }
  const packets = createPacketImport(sink, unsealing.store.read, unsealing, naming)
  const secrets: Uint8Array[] = []
  const reader = read(store, { packet: packets.take, secrets: takeSecrets })
  function takeSecrets(block: Uint8Array): void {
    secrets.push(block.slice())
    const text = keyLogIn(block)
    if (text) unsealing.addKeys(text)
  }
  let isFinished = false
  function next(): boolean {
    if (reader.next()) return true
    if (isFinished || store.isFilling) return false
    isFinished = true
    packets.finish()
    return true
  }
  function problems(): readonly string[] {
    return [...(reader.stopped === null ? [] : [reader.stopped]), ...packets.problems()]
  }
  return {
    ...{ capture, secrets, isForeign: true, next, notes: packets.notes },
    get at() {
      return reader.at
    },
    refusal: () =>
      packets.found > 0 ? null : ['No WebSocket connection was found.', ...problems(), ...packets.notes()].join(' '),
  }
}

/** Its JSON is read in one step, once it is all there; its messages are taken one by one. */
function openMessages(source: ByteStore, scratch: Scratch): Result<Opening> {
  const target = scratch()
  if (!target.ok) return target
  const capture = createCapture(target.value, () => (har?.ok ? har.value.problems() : []))
  let har: Result<HarImport> | null = null
  function next(): boolean {
    if (source.isFilling) return false
    if (har !== null) return har.ok && har.value.next()
    har = readMessages(source, (record) => capture.append(inTime(record)))
    return true
  }
  return success({
    ...{ capture, isForeign: false, secrets: [], next },
    get at() {
      return har?.ok ? Math.floor(source.size * har.value.share) : 0
    },
    notes: () => (har?.ok ? har.value.notes : []),
    refusal: () => (har?.ok === false ? har.error : null),
  })
}

function readMessages(source: ByteStore, emit: (entry: LogEntry) => void): Result<HarImport> {
  if (source.size > longestHar) return failure(`The HAR file is larger than ${longestHar / 1024 / 1024} MiB.`)
  return importHar(decodeUtf8(source.read(0, source.size)), emit)
}

/** The latest time a log can hold is in the year 2554. */
const latest = 18_446_744_073_000

function inTime<Entry extends { readonly time: Time }>(entry: Entry): Entry {
  return entry.time <= latest ? entry : { ...entry, time: latest }
}

function beginsLikeJson(source: ByteStore): boolean {
  return /^\uFEFF?\s*\{/.test(decodeUtf8(source.read(0, leastToOpen)))
}
