// A session as a HAR file, as Chrome writes one: an entry for each connection, with its messages in
// `_webSocketMessages` (times in seconds, texts as they are, everything else as base64). What a HAR has no place for is
// in `_wirestep`, so that nothing is lost on the way back. http://www.softwareishard.com/blog/har-12-spec/
import { toBase64 } from '../bytes/base64.ts'
import { concat } from '../bytes/concat.ts'
import { type Lane, lanes } from '../bytes/lanes.ts'
import { newProgress, type Progress } from '../bytes/steps.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { formatAddress } from '../capture/addresses.ts'
import { recordingField } from '../capture/har.ts'
import { piecesOfLog } from '../capture/logPieces.ts'
import { wholeMessage } from '../capture/messageContent.ts'
import type { CaptureReader, ConnectionCapture } from '../capture/types.ts'
import { recordBefore, type World, worldAt, worldReadingAhead } from '../capture/viewsUnits.ts'
import { type Head, parseHead, statusOf } from '../handshake/head.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { version } from '../version.ts'

/** Bytes of a recording that are written as HAR, at most: whoever reads one holds all of it. */
export const longestHarRecording = 64 * 1024 * 1024
/** Bytes of a message that its text has, at most. */
const longestMessage = 16 * 1024 * 1024

export interface HarFile {
  /** In pieces, message by message; some are empty. */
  readonly text: Iterable<string>
  /** What the messages cannot say, as sentences; all of them once the text is made. */
  readonly notes: readonly string[]
}

/** The whole capture. Fails with a sentence when it is too large for whoever reads it. */
export function harFile(capture: CaptureReader, progress = newProgress()): Result<HarFile> {
  if (streamBytes(capture) > longestHarRecording) {
    const most = longestHarRecording / 1024 / 1024
    return failure(
      `The session is larger than ${most} MiB, too large for a HAR file: export a part of it, with --connection or --filter, or pcapng.`,
    )
  }
  const notes: string[] = []
  return success({ text: harText(capture, notes, progress), notes })
}

function* harText(capture: CaptureReader, notes: string[], progress: Progress): Iterable<string> {
  const messages = capture.connections.reduce((sum, { messageCount }) => sum + messageCount, 0)
  progress.of = messages + capture.length
  const creator = JSON.stringify({ name: 'Wirestep', version })
  yield `{"log":{"version":"1.2","creator":${creator},"pages":[],"entries":[`
  for (const [index, connection] of capture.connections.entries()) {
    yield index === 0 ? '\n' : ',\n'
    yield* entryText(capture, connection, notes, progress)
  }
  yield `\n],"${recordingField}":{"pcapng":"`
  yield* recordingText(capture, progress, messages)
  yield '"}}}\n'
}

/** Base64 of pieces is that of the whole when each but the last has a multiple of three bytes. */
function* recordingText(capture: CaptureReader, progress: Progress, before: number): Iterable<string> {
  let rest: Uint8Array = new Uint8Array(0)
  const records = newProgress()
  for (const piece of piecesOfLog(capture, [], records)) {
    progress.done = before + records.done
    const bytes = concat(rest, piece)
    const whole = bytes.length - (bytes.length % 3)
    rest = bytes.subarray(whole)
    yield toBase64(bytes.subarray(0, whole))
  }
  yield toBase64(rest)
}

function streamBytes({ connections, end }: CaptureReader): number {
  return connections
    .flatMap((one) => lanes.map((lane) => one.sentLengthAt(lane, end) + one.deliveredLengthAt(lane, end)))
    .reduce((sum, length) => sum + length, 0)
}

function* entryText(
  capture: CaptureReader,
  connection: ConnectionCapture,
  notes: string[],
  progress: Progress,
): Iterable<string> {
  const world = worldReadingAhead(worldAt(capture, connection.id, capture.end))
  const heads = { request: headOf(world, 'request'), response: headOf(world, 'response') }
  const { time, topology } = connection.opened
  let last = time
  yield '{"_resourceType":"websocket","_webSocketMessages":['
  for (let index = 0; index < connection.messageCount; index++) {
    const message = messageOf(world, index, notes)
    progress.done += 1
    last = Math.max(last, message.time * 1000)
    yield `${index === 0 ? '\n' : ',\n'}${JSON.stringify(message)}`
  }
  const rest = {
    startedDateTime: new Date(time).toISOString(),
    time: last - time,
    request: requestOf(connection, heads.request),
    response: responseOf(heads.response),
    cache: {},
    timings: { send: -1, wait: -1, receive: -1 },
    serverIPAddress: topology.server.host,
    connection: String(connection.id),
  }
  yield `\n],${JSON.stringify(rest).slice(1)}`
}

function headOf({ connection }: World, kind: 'request' | 'response'): Head | null {
  const lane: Lane = kind === 'request' ? 'clientToServer' : 'serverToClient'
  const row = connection.rowHolding(lane, 0)
  if (row < 0 || connection.row(row).kind !== kind) return null
  return parseHead(connection.readDelivered(lane, 0, connection.row(row).span.end), kind)
}

function headersOf(head: Head | null): object[] {
  return (head?.fields ?? []).map(({ name, value }) => ({ name: name.text, value: value.text }))
}

function requestOf({ opened: { url, topology } }: ConnectionCapture, head: Head | null): object {
  const target = head?.startLine.second.text ?? '/'
  const host = head?.fields.find(({ name }) => name.text.toLowerCase() === 'host')?.value.text
  return {
    method: head?.startLine.first.text ?? 'GET',
    url: url ?? `ws://${host ?? formatAddress(topology.server)}${target}`,
    httpVersion: 'HTTP/1.1',
    headers: headersOf(head),
    queryString: [],
    cookies: [],
    headersSize: head ? head.end - head.start : -1,
    bodySize: 0,
  }
}

function responseOf(head: Head | null): object {
  return {
    status: (head && statusOf(head)) ?? 0,
    statusText: head?.startLine.third.text ?? '',
    httpVersion: 'HTTP/1.1',
    headers: headersOf(head),
    cookies: [],
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: '',
    headersSize: head ? head.end - head.start : -1,
    bodySize: -1,
  }
}

interface Message {
  readonly type: 'send' | 'receive'
  readonly time: number
  readonly opcode: 1 | 2
  readonly data: string
}

/** Chrome tells of whole messages, and of no control frames. */
function messageOf(world: World, index: number, notes: string[]): Message {
  const { connection, capture } = world
  const { lane, type, rows } = connection.message(index)
  const { start } = connection.row(rows[0]!).span
  const content = wholeMessage(world, lane, { type, start }, longestMessage)
  if (content.more || content.why !== null) notes.push(partly(connection.id, start, content.why))
  return {
    type: lane === 'clientToServer' ? 'send' : 'receive',
    time: capture.head(recordBefore(connection.row(rows.at(-1)!).completed)).time / 1000,
    opcode: type === 'text' ? 1 : 2,
    data: type === 'text' ? decodeUtf8(content.bytes) : toBase64(content.bytes),
  }
}

function partly(connection: number, start: number, why: string | null): string {
  const reason = why ?? `it is longer than ${longestMessage / 1024 / 1024} MiB`
  return `Connection ${connection}: the message at byte ${start} is not whole among the HAR's messages: ${reason}. Its bytes are in _wirestep.`
}
