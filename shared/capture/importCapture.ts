// Sessions that other tools saved, made into a log of ours: the records go to a store like those of a recording.
import { decodeUtf8 } from '../bytes/utf8.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { type Capture, createCapture } from './capture.ts'
import { importHar } from './importHar.ts'
import { createPacketImport } from './importPackets.ts'
import { packetReader, type ReadPackets } from './packetFile.ts'
import type { ByteStore, LogRecord } from './record.ts'

export interface Imported {
  readonly capture: Capture
  /** What is missing, as sentences. */
  readonly problems: readonly string[]
  /** What was passed over, put right or reconstructed, as sentences. */
  readonly notes: readonly string[]
}

/** Longest HAR file, in bytes: it has to be in memory as a whole. */
export const longestHar = 256 * 1024 * 1024

/** Whether the store begins like a file of a kind that is imported. */
export function isImportable(source: ByteStore): boolean {
  return packetReader(source) !== null || beginsLikeJson(source)
}

/** Reads packets (pcap, pcapng) or messages (HAR) from `source`, and writes the WebSockets among them to `target`. */
export function importCapture(source: ByteStore, target: ByteStore): Result<Imported> {
  const read = packetReader(source)
  if (read) return importPackets(read, source, target)
  if (beginsLikeJson(source)) return importMessages(source, target)
  return failure('The file is none that Wirestep reads: pcapng, pcap and HAR are, each also compressed with gzip.')
}

function importPackets(read: ReadPackets, source: ByteStore, target: ByteStore): Result<Imported> {
  const capture = createCapture(target)
  const packets = createPacketImport(appender(capture))
  const stopped = read(source, { packet: packets.take, secrets: (block) => target.append(block) })
  const problems = [...(stopped === null ? [] : [stopped]), ...packets.problems()]
  const notes = packets.notes()
  if (packets.found > 0) return success({ capture, problems, notes })
  return failure(['No WebSocket connection was found.', ...problems, ...notes].join(' '))
}

function importMessages(source: ByteStore, target: ByteStore): Result<Imported> {
  if (source.size > longestHar) return failure(`The HAR file is larger than ${longestHar / 1024 / 1024} MiB.`)
  const capture = createCapture(target)
  const har = importHar(decodeUtf8(source.read(0, source.size)), appender(capture))
  return har.ok ? success({ capture, ...har.value }) : har
}

/** The latest time a log can hold is in the year 2554. */
const latest = 18_446_744_073_000

function appender(capture: Capture): (record: LogRecord) => void {
  return (record) => capture.append(record.time <= latest ? record : { ...record, time: latest })
}

function beginsLikeJson(source: ByteStore): boolean {
  return /^\uFEFF?\s*\{/.test(decodeUtf8(source.read(0, 64)))
}
