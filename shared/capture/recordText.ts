// The records that are not bytes on the wire, as packet comments: a line of plain words for people who read the file
// in another program, and a line of JSON that carries the record exactly.
import { z } from 'zod'
import { shorten, visible } from '../bytes/ascii.ts'
import { parseBase64, toBase64 } from '../bytes/base64.ts'
import { senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { dialectIds } from '../dialects/registry.ts'
import type { Action } from '../endpoint/types.ts'
import { intermediaryKinds } from '../intermediaries/intermediary.ts'
import { flawIds } from '../profile/flaws.ts'
import { profileIds } from '../profile/prototype2010.ts'
import { longestOption } from './pcapng.ts'
import type { RecordOf, Time } from './record.ts'

/** A record that a comment carries. */
export type SpokenRecord = RecordOf<'open' | 'action' | 'edit' | 'note'>

const mark = 'wirestep '
/** Bytes of JSON in one comment, leaving room for the words and the part's number. */
const partLength = longestOption - 2048

/** The record as comments, one a packet: more than one only when its JSON is longer than a comment can be. */
export function encodeComments(record: SpokenRecord): readonly string[] {
  const json = asciiJson(jsonOf(record))
  const count = Math.max(1, Math.ceil(json.length / partLength))
  const words = spokenLine(record)
  if (count === 1) return [`${words}\n${mark}${json}`]
  return Array.from({ length: count }, (_, index) => {
    const part = json.slice(index * partLength, (index + 1) * partLength)
    return `${words} (part ${index + 1} of ${count})\n${mark}${index + 1}/${count} ${part}`
  })
}

/** What one of our comments holds. Parts count from 1. */
export interface CommentPart {
  readonly part: number
  readonly count: number
  readonly json: string
}

/** Finds our line among a packet's comments; null when there is none. */
export function readComment(comments: readonly string[]): CommentPart | null {
  const line = comments.flatMap((comment) => comment.split('\n')).find((text) => text.startsWith(mark))
  if (line === undefined) return null
  const numbered = /^(\d{1,6})\/(\d{1,6}) /.exec(line.slice(mark.length))
  if (!numbered) return { part: 1, count: 1, json: line.slice(mark.length) }
  return {
    part: Number(numbered[1]),
    count: Number(numbered[2]),
    json: line.slice(mark.length + numbered[0].length),
  }
}

/** The record that the JSON of all parts stands for; null when it is not one. Never throws. */
export function decodeSpoken(json: string, time: Time): SpokenRecord | null {
  const parsed = spokenSchema.safeParse(parseJson(json))
  return parsed.success ? { ...parsed.data, time } : null
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // no schema accepts it, so the reader reports the packet
  }
}

/** ASCII only, so that it can be cut anywhere and a lone surrogate survives. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function jsonOf(record: SpokenRecord): unknown {
  const { time: _, ...rest } = record
  if (rest.kind === 'edit') return { ...rest, insert: toBase64(rest.insert) }
  return rest.kind === 'action' ? { ...rest, action: jsonOfAction(rest.action) } : rest
}

function jsonOfAction(action: Action): unknown {
  if ('bytes' in action) return { ...action, bytes: toBase64(action.bytes) }
  return 'body' in action && action.body ? { ...action, body: toBase64(action.body) } : action
}

const bytes = z.string().transform((text, context) => {
  const parsed = parseBase64(text)
  if ('bytes' in parsed) return parsed.bytes
  context.addIssue({ code: 'custom', message: `not base64 at character ${parsed.badAt}` })
  return z.NEVER
})
const count = z.int().min(0)
const connection = z.int().min(0).max(0xffffffff)
const role = z.enum(['client', 'server'])
const lane = z.enum(['clientToServer', 'serverToClient'])
const address = z.object({ host: z.string(), port: z.int().min(0).max(0xffff) })

const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('sendText'), text: z.string(), fragments: z.exactOptional(count) }),
  z.object({ kind: z.literal('sendUtf8'), bytes, fragments: z.exactOptional(count) }),
  z.object({ kind: z.literal('sendBinary'), bytes, fragments: z.exactOptional(count) }),
  z.object({ kind: z.literal('ping'), bytes }),
  z.object({ kind: z.literal('pong'), bytes }),
  z.object({
    kind: z.literal('close'),
    code: z.exactOptional(count),
    reason: z.exactOptional(z.string()),
    body: z.exactOptional(bytes),
  }),
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('timeout') }),
])

const windowBits = z.int().min(8).max(15)

const spokenSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    connection,
    topology: z.object({ client: address, gateForClient: address, gateForServer: address, server: address }),
    dialect: z.exactOptional(z.enum(dialectIds)),
    url: z.exactOptional(z.string()),
    subprotocols: z.exactOptional(z.array(z.string())),
    compress: z.exactOptional(
      z.object({
        serverNoContextTakeover: z.exactOptional(z.boolean()),
        clientNoContextTakeover: z.exactOptional(z.boolean()),
        serverMaxWindowBits: z.exactOptional(windowBits),
        clientMaxWindowBits: z.exactOptional(windowBits),
      }),
    ),
    profile: z.exactOptional(z.enum(profileIds)),
    flaw: z.exactOptional(z.enum(flawIds)),
    unseen: z.exactOptional(
      z.object({
        key: z.exactOptional(z.string()),
        nonce: z.exactOptional(z.string()),
        extensions: z.exactOptional(z.string()),
        cut: z.exactOptional(
          z.object({ clientToServer: z.exactOptional(count), serverToClient: z.exactOptional(count) }),
        ),
      }),
    ),
    lone: z.exactOptional(lane),
    via: z.exactOptional(z.array(z.enum(intermediaryKinds))),
    leg: z.exactOptional(count),
    seed: z.exactOptional(z.number()),
    inProcess: z.exactOptional(z.boolean()),
  }),
  z.object({ kind: z.literal('action'), connection, end: role, action: actionSchema }),
  z.object({
    kind: z.literal('edit'),
    connection,
    lane,
    at: count,
    remove: count,
    insert: bytes,
    label: z.enum(['edited', 'inserted', 'duplicated', 'dropped', 'recompressed']),
  }),
  z.object({
    kind: z.literal('note'),
    connection,
    text: z.string(),
    at: z.exactOptional(z.object({ lane, offset: count })),
  }),
])

/** The record as one line of plain words. */
export function spokenLine(record: SpokenRecord): string {
  return visible(shorten(wordsOf(record), 200))
}

function wordsOf(record: SpokenRecord): string {
  switch (record.kind) {
    case 'open':
      return openingWords(record)
    case 'action':
      return `${record.end}: ${actionWords(record.action)}`
    case 'edit':
      return `gate: ${record.label} at byte ${record.at} from the ${senderOf(record.lane)}, ${record.remove} bytes out, ${record.insert.length} in`
    case 'note':
      return `note: ${record.text}`
    default:
      return unreachable(record)
  }
}

function openingWords({ connection, dialect, url, unseen }: RecordOf<'open'>): string {
  const known = dialect ?? 'its request tells the dialect'
  return [`connection ${connection} ${unseen ? 'is open already' : 'opens'}`, known, url].filter(Boolean).join(', ')
}

function actionWords(action: Action): string {
  switch (action.kind) {
    case 'open':
      return 'open the connection'
    case 'sendText':
      return `send text "${shorten(action.text, 100)}"`
    case 'sendUtf8':
      return `send text "${shorten(decodeUtf8(action.bytes), 100)}"`
    case 'sendBinary':
      return `send ${action.bytes.length} bytes`
    case 'ping':
    case 'pong':
      return `send ${action.kind} with ${action.bytes.length} bytes`
    case 'close':
      return ['close', action.code, action.reason && `"${action.reason}"`].filter(Boolean).join(' ')
    case 'end':
      return 'end the stream'
    case 'timeout':
      return 'stop waiting'
    default:
      return unreachable(action)
  }
}
