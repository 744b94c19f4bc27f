// The parts of a HAR file that are about WebSockets: http://www.softwareishard.com/blog/har-12-spec/, and the field
// `_webSocketMessages` that Chrome made up. Believes nothing about the shape of what is in the file.
import { failure, type Result, success } from '../ipc/result.ts'
import type { Time } from './record.ts'

export interface HarMessage {
  readonly type: 'send' | 'receive'
  readonly time: Time
  readonly opcode: number
  readonly data: string
}

export interface HarEntry {
  readonly time: Time
  readonly url: string
  readonly requestHeaders: readonly (readonly [string, string])[]
  readonly responseHeaders: readonly (readonly [string, string])[]
  /** Null for what is no WebSocket; a message that cannot be read is null. */
  readonly messages: readonly (HarMessage | null)[] | null
}

export interface Har {
  readonly entries: readonly HarEntry[]
  /** Entries that are not as entries have to be. */
  readonly unreadable: number
  /** The whole recording, as base64 of pcapng, where Wirestep wrote the file. */
  readonly recording: string | null
}

/** A HAR keeps messages; here, Wirestep keeps what else there was: every byte, when it came, both sides of the gate. */
export const recordingField = '_wirestep'

/** Reads the text of a file. */
export function readHar(text: string): Result<Har> {
  const json = parseJson(text)
  if (!json.ok) return json
  const log = fieldOf(json.value, 'log')
  const entries = fieldOf(log, 'entries')
  if (!Array.isArray(entries)) return failure('The file is JSON but no HAR: it has no list log.entries.')
  const read = entries.map(readEntry)
  const whole = read.filter((entry) => entry !== null)
  const recording = fieldOf(fieldOf(log, recordingField), 'pcapng')
  return success({
    entries: whole,
    unreadable: read.length - whole.length,
    recording: typeof recording === 'string' ? recording : null,
  })
}

function parseJson(text: string): Result<unknown> {
  try {
    return success(JSON.parse(text.replace(/^\uFEFF/, '')) as unknown)
  } catch (error) {
    return failure(`The file begins like JSON but cannot be read as such: ${(error as Error).message}.`)
  }
}

function fieldOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isObject ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

function readEntry(entry: unknown): HarEntry | null {
  const request = fieldOf(entry, 'request')
  const url = fieldOf(request, 'url')
  if (typeof url !== 'string') return null
  const started = Date.parse(String(fieldOf(entry, 'startedDateTime')))
  const messages = fieldOf(entry, '_webSocketMessages')
  const time = validTime(started) ?? 0
  return {
    ...{ time, url },
    requestHeaders: readHeaders(fieldOf(request, 'headers')),
    responseHeaders: readHeaders(fieldOf(fieldOf(entry, 'response'), 'headers')),
    messages: Array.isArray(messages) ? messages.map((message) => readMessage(message, time)) : null,
  }
}

/** A log's times are dates from 1970 on; the year 2500 bounds them from above. */
function validTime(time: unknown): Time | null {
  return typeof time === 'number' && time >= 0 && time < 16_725_225_600_000 ? time : null
}

function readHeaders(headers: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(headers)) return []
  return headers.flatMap((header) => {
    const name = fieldOf(header, 'name')
    const value = fieldOf(header, 'value')
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : []
  })
}

/** Seconds from here on would be in the year 5138: then they are milliseconds. */
const leastMilliseconds = 100_000_000_000

/** Times of messages count from the epoch: in seconds in Chrome's and mitmproxy's files, in milliseconds in Playwright's. */
function messageTime(time: unknown): Time | null {
  if (typeof time !== 'number') return null
  return validTime(time >= leastMilliseconds ? time : time * 1000)
}

function readMessage(message: unknown, started: Time): HarMessage | null {
  const [type, time, opcode, data] = ['type', 'time', 'opcode', 'data'].map((name) => fieldOf(message, name))
  if ((type !== 'send' && type !== 'receive') || typeof opcode !== 'number' || typeof data !== 'string') return null
  return { type, opcode, data, time: messageTime(time) ?? started }
}
