// What can happen to a stream. Every mutation takes bytes and gives others; none keeps to any rule.
import { encodeLatin1 } from '../../shared/bytes/ascii.ts'
import { concat } from '../../shared/bytes/concat.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { findHeadEnd } from '../../shared/handshake/head.ts'
import { type Conversation, frameStarts } from './corpus.ts'
import type { Dice } from './dice.ts'

const longestStream = 3000

interface Subject {
  readonly dialect: Dialect
  readonly lane: Lane
  readonly conversation: Conversation
  readonly dice: Dice
}

type Mutation = (bytes: Uint8Array, subject: Subject) => Uint8Array

const flip: Mutation = (bytes, { dice }) => {
  const out = bytes.slice()
  if (out.length > 0) out[dice.below(out.length)]! ^= 1 << dice.below(8)
  return out
}

const remove: Mutation = (bytes, { dice }) => {
  const [start, end] = range(bytes, dice)
  return concat(bytes.subarray(0, start), bytes.subarray(end))
}

const repeat: Mutation = (bytes, { dice }) => {
  const [start, end] = range(bytes, dice)
  return concat(bytes.subarray(0, end), bytes.subarray(start))
}

const splice: Mutation = (bytes, { dice, conversation, lane }) => {
  const other = dice.pick(conversation.lanes[dice.below(4) > 0 ? lane : 'serverToClient'])
  return concat(bytes.subarray(0, dice.below(bytes.length + 1)), other.subarray(dice.below(other.length + 1)))
}

const truncate: Mutation = (bytes, { dice }) => bytes.slice(0, dice.below(bytes.length + 1))

const insert: Mutation = (bytes, { dice }) => {
  const at = dice.below(bytes.length + 1)
  return concat(bytes.subarray(0, at), dice.bytes(1 + dice.below(20)), bytes.subarray(at))
}

/** Lengths that a careless reader adds up, allocates or waits for. */
const lengths = ['00', '7d', '7e0000', '7e007d', '7effff', '7f0000000000000000', '7f00000000ffffffff'].concat(
  ['7f001fffffffffffff', '7f0020000000000000', '7f7fffffffffffffff', '7f8000000000000000', '7fffffffffffffffff'],
  ['8080808001', 'ffffffffffffffff7f', 'ff', '80'],
)

const lieAboutLength: Mutation = (bytes, { dice, dialect, lane }) => {
  const starts = frameStarts(dialect, lane, bytes)
  if (starts.length === 0) return bytes
  const start = dice.pick(starts)
  const masks = dialect.framing === 'lengthPrefixed' && dialect.masking === 'clientFrame'
  const keyInFront = masks && lane === 'clientToServer' ? 4 : 0
  const length = Uint8Array.from(Buffer.from(dice.pick(lengths), 'hex'))
  const at = start + keyInFront + 1
  const masked = keyInFront > 0 ? length.map((byte, i) => byte ^ (bytes[start + ((i + 1) & 3)] ?? 0)) : length
  return concat(bytes.subarray(0, at), masked, bytes.subarray(at + (dice.below(2) ? masked.length : 1)))
}

/** Fields of any dialect, and values that are right in one and wrong in the next. */
const fieldNames = ['Host', 'Origin', 'Upgrade', 'Connection', 'Content-Length'].concat(
  ['WebSocket-Protocol', 'WebSocket-Origin', 'WebSocket-Location'],
  ['Accept', 'Draft', 'Extensions', 'Key', 'Key1', 'Key2', 'Location', 'Nonce', 'Origin', 'Protocol', 'Version'].map(
    (name) => `Sec-WebSocket-${name}`,
  ),
)
const fieldValues = [
  '',
  '13',
  '8',
  'Upgrade',
  'WebSocket',
  'websocket',
  'http://example.com',
  'a.b c',
  ';;=;',
  'a, ,b',
].concat([
  'permessage-deflate; server_max_window_bits=99',
  'dGhlIHNhbXBsZSBub25jZQ==',
  'A23F2BCA452DDE01',
  '4 @1  46546xW%0l 1 5',
])

/** Puts a field in front of the head's empty line. */
const addField: Mutation = (bytes, { dice }) => {
  const end = findHeadEnd(bytes)
  if (end < 0) return bytes
  const line = encodeLatin1(`${dice.pick(fieldNames)}: ${dice.pick(fieldValues)}\r\n`)
  return concat(bytes.subarray(0, end - 2), line, bytes.subarray(end - 2))
}

const mutations: readonly Mutation[] = [flip, flip, remove, repeat, splice, truncate, insert, lieAboutLength, addField]

/** Those that find their own place in a stream. */
const placed: ReadonlySet<Mutation> = new Set([lieAboutLength, addField])

function range(bytes: Uint8Array, dice: Dice): readonly [number, number] {
  const start = dice.below(bytes.length + 1)
  return [start, Math.min(bytes.length, start + 1 + dice.below(dice.pick([4, 40, 400])))]
}

/** A stream for a lane: one of the conversation, changed up to four times, or random bytes, bare or behind a handshake. */
export function anyStream(subject: Subject): Uint8Array {
  const { dice, conversation, lane } = subject
  const kind = dice.below(10)
  if (kind === 0) return dice.bytes(dice.below(300))
  if (kind === 1) return concat(conversation.opening[lane], dice.bytes(dice.below(300)))
  let bytes = dice.pick(conversation.lanes[lane])
  for (let times = dice.below(5); times > 0; times--) bytes = mutateBehind(bytes, subject)
  return bytes.slice(0, longestStream)
}

/** Most mutations leave the opening handshake whole: few would come past it otherwise. */
function mutateBehind(bytes: Uint8Array, subject: Subject): Uint8Array {
  const { conversation, dice, lane } = subject
  const mutate = dice.pick(mutations)
  const { length } = conversation.opening[lane]
  if (placed.has(mutate) || bytes.length <= length || dice.below(4) === 0) return mutate(bytes, subject)
  return concat(bytes.subarray(0, length), mutate(bytes.subarray(length), subject))
}
