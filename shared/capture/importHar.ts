// WebSocket messages out of HAR files, as Chrome, Playwright and mitmproxy write them in `_webSocketMessages`. A HAR
// keeps messages, not bytes: heads and frames around them are reconstructed, and the log says so.
import { encodeLatin1, isLatin1 } from '../bytes/ascii.ts'
import { parseBase64 } from '../bytes/base64.ts'
import type { Lane } from '../bytes/lanes.ts'
import { encodeUtf8 } from '../bytes/utf8.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import { rfc6455 } from '../dialects/rfc6455.ts'
import { encodeFrame } from '../framing/encode.ts'
import { acceptValue, makeKey } from '../handshake/accept.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { type LogOpening, openLog } from './capture.ts'
import { type Har, type HarEntry, type HarMessage, readHar } from './har.ts'
import { createMemoryStore } from './memoryStore.ts'
import type { Address, LogEntry, Time } from './record.ts'

/** A HAR whose JSON was read; its messages become records one by one. */
export interface HarImport {
  /** Hands over the records of the next message; false when there is none. */
  next(): boolean
  /** How much of it was handed over, from 0 to 1. */
  readonly share: number
  /** What cannot be read, as sentences. */
  problems(): readonly string[]
  /** What was passed over or reconstructed, as sentences. */
  readonly notes: readonly string[]
}

const reconstructed =
  'This session comes from a HAR file, which keeps messages and not bytes: frame boundaries, masks (1, 3, 6, 10 and so on) and heads are reconstructed.'

/** Begins to hand the file's WebSocket connections to `emit` as records. A failure says why it is no HAR. */
export function importHar(text: string, emit: (entry: LogEntry) => void): Result<HarImport> {
  const har = readHar(text)
  if (!har.ok) return har
  const kept = har.value.recording === null ? null : beginRecording(har.value.recording)
  if (kept?.ok) return success(importRecording(kept.value, emit))
  const entries = har.value.entries.filter(({ messages }) => messages !== null)
  if (entries.length === 0) {
    return failure(`The HAR file has ${har.value.entries.length} entries, none of them with _webSocketMessages.`)
  }
  const lost = kept
    ? `The bytes that Wirestep kept in the HAR cannot be read (${kept.error}); its messages were.`
    : null
  return success(importMessages(har.value, entries, lost, emit))
}

function importMessages(
  har: Har,
  entries: readonly HarEntry[],
  lost: string | null,
  emit: (entry: LogEntry) => void,
): HarImport {
  const total = entries.reduce((sum, { messages }) => sum + messages!.length + 1, 0)
  const done = { steps: 0, skipped: 0 }
  const steps = emitEntries(entries, emit, done)
  return {
    next: () => !steps.next().done,
    get share() {
      return done.steps / total
    },
    problems: () => [
      ...(lost === null ? [] : [lost]),
      ...sentence(har.unreadable, 'entries of the HAR cannot be read and were skipped'),
      ...sentence(done.skipped, 'messages of the HAR cannot be read and were skipped'),
    ],
    notes: [
      reconstructed,
      ...sentence(har.entries.length - entries.length, 'entries of the HAR are not WebSockets and were skipped'),
    ],
  }
}

const exact =
  'This HAR file was written by Wirestep: all bytes come from its field _wirestep, whatever its messages were changed to since.'

interface KeptRecording extends LogOpening {
  readonly size: number
}

function beginRecording(base64: string): Result<KeptRecording> {
  const parsed = parseBase64(base64)
  if ('badAt' in parsed) return failure(`it is not base64 at character ${parsed.badAt}`)
  const opened = openLog(createMemoryStore(parsed.bytes))
  return opened.ok ? success({ ...opened.value, size: parsed.bytes.length }) : opened
}

/** It is read first, and handed over then. */
function importRecording({ capture, reader, size }: KeptRecording, emit: (entry: LogEntry) => void): HarImport {
  let index = 0
  let isRead = false
  return {
    next() {
      if (!isRead) {
        isRead = !reader.next()
        return true
      }
      if (index === capture.length) return false
      emit(capture.record(index))
      index += 1
      return true
    },
    get share() {
      return isRead ? (1 + index / capture.length) / 2 : reader.at / size / 2
    },
    problems: () => capture.problems,
    notes: [exact],
  }
}

function sentence(count: number, says: string): string[] {
  return count > 0 ? [`${count} ${says}.`] : []
}

/** A step for each head and each message; counts the messages that cannot be read. */
function* emitEntries(
  entries: readonly HarEntry[],
  emit: (entry: LogEntry) => void,
  done: { steps: number; skipped: number },
): Generator<void> {
  for (const [index, entry] of entries.entries()) {
    const cross = emitOpening(entry, index + 1, emit)
    done.steps += 1
    yield
    let masks = 0
    for (const message of entry.messages!) {
      const frame = frameOf(message, masks + 1)
      const lane = message?.type === 'send' ? 'clientToServer' : 'serverToClient'
      if (frame === null) done.skipped += 1
      else cross(message!.time, lane, frame)
      if (frame !== null && lane === 'clientToServer') masks += 1
      done.steps += 1
      yield
    }
  }
}

/** The heads of a connection. Answers what lets bytes cross on it. */
function emitOpening(entry: HarEntry, connection: number, emit: (entry: LogEntry) => void) {
  const { time } = entry
  const server = serverOf(entry.url)
  const client: Address = { host: '127.0.0.1', port: 49_152 + (connection % 16_384) }
  const topology = { client, gateForClient: server, gateForServer: client, server }
  const cross = (at: Time, lane: Lane, bytes: Uint8Array) => emit({ kind: 'passed', time: at, connection, lane, bytes })
  emit({ kind: 'open', time, connection, topology, dialect: 'rfc6455' })
  emit({ kind: 'note', time, connection, text: reconstructed })
  const heads = headsOf(entry, connection)
  cross(time, 'clientToServer', heads.request)
  cross(time, 'serverToClient', heads.response)
  return cross
}

function serverOf(url: string): Address {
  const [, host = 'server.example', port] =
    /^\w+:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d{1,5}))?/.exec(url) ?? []
  const standard = /^(wss|https):/.test(url) ? 443 : 80
  const given = Number(port ?? standard)
  return { host: host.replace(/^\[|\]$/g, '') || 'server.example', port: given <= 0xffff ? given : standard }
}

/**
 * The mask of the client's frame `count`: each is further from the last than that was from the one before, so that no rule
 * of masks is broken, and nobody takes them for ones that were drawn.
 */
function madeUpMask(count: number): Uint8Array {
  return bigEndian((count * (count + 1)) / 2)
}

function bigEndian(number: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

const opcodes: Readonly<Record<number, OpcodeName>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
}

function frameOf(message: HarMessage | null, count: number): Uint8Array | null {
  const opcode = message ? opcodes[message.opcode] : undefined
  if (message === null || opcode === undefined) return null
  const payload = payloadOf(message)
  if (payload === null) return null
  const masked = message.type === 'send' ? { mask: madeUpMask(count) } : {}
  return encodeFrame({ dialect: rfc6455, opcode, final: true, payload, ...masked })
}

/** Texts are in the file as they are, everything else as base64. */
function payloadOf({ opcode, data }: HarMessage): Uint8Array | null {
  if (opcode === 1) return encodeUtf8(data)
  const parsed = parseBase64(data)
  return 'badAt' in parsed ? null : parsed.bytes
}

/** 16 bytes that count. */
function countedKey(count: number): string {
  const bytes = new Uint8Array(16)
  bytes.set(bigEndian(count), 12)
  return makeKey(bytes)
}

/** What a handshake has to have is made up where the file leaves it out. */
function headsOf({ url, requestHeaders, responseHeaders }: HarEntry, connection: number) {
  const madeUpKey = countedKey(connection)
  const resource = /^\w+:\/\/[^/?#]*([^#]*)/.exec(url)?.[1] || '/'
  const { host, port } = serverOf(url)
  const request = withDefaults(requestHeaders, {
    Host: port === 80 || port === 443 ? host : `${host}:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': madeUpKey,
  })
  const key = request.find(([name]) => name.toLowerCase() === 'sec-websocket-key')?.[1] ?? madeUpKey
  const response = withDefaults(responseHeaders, {
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Accept': acceptValue(isLatin1(key) ? key : madeUpKey),
  })
  return {
    request: headBytes(`GET ${resource.startsWith('/') ? resource : `/${resource}`} HTTP/1.1`, request),
    response: headBytes('HTTP/1.1 101 Switching Protocols', response),
  }
}

type Headers = readonly (readonly [string, string])[]

/** RFC 9113 §8.3: names that begin with a colon are no header fields of HTTP/1.1. */
function withDefaults(given: Headers, defaults: Readonly<Record<string, string>>): Headers {
  const kept = given.filter(([name]) => !name.startsWith(':'))
  const has = (name: string) => kept.some(([other]) => other.toLowerCase() === name.toLowerCase())
  return [...kept, ...Object.entries(defaults).filter(([name]) => !has(name))]
}

function headBytes(startLine: string, headers: Headers): Uint8Array {
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)].map((line) =>
    line.replaceAll(/[\r\n]/g, ' '),
  )
  const text = `${lines.join('\r\n')}\r\n\r\n`
  return isLatin1(text) ? encodeLatin1(text) : encodeUtf8(text)
}
