// Describes the frames of hixie-75 and hixie-76, whole or cut anywhere, legal or not. hixie-76 §4.2, §5.3.
import type { Field } from '../bytes/field.ts'
import { toHex } from '../bytes/hex.ts'
import { receiverOf, senderOf } from '../bytes/lanes.ts'
import type { BitRange } from '../bytes/span.ts'
import type { OpcodeName, SentinelDialect } from '../dialects/dialect.ts'
import { emptyFrameHeader } from '../framing/header.ts'
import { opcodeName } from '../framing/opcodes.ts'
import { mostDigits, readSentinelHeader, terminator } from '../framing/sentinel.ts'
import { cutValue, quoteHex, quoteText } from './describeText.ts'
import { awaitedFrameWords, utf8Next, type Words } from './describeWords.ts'
import type { Description, Layer, Summary, UnitInput } from './description.ts'

interface SentinelInput extends UnitInput {
  readonly dialect: SentinelDialect
}

/** Indices in the unit's bytes. */
interface Parts {
  /** Undefined while that is not known, and for types without a meaning. */
  readonly name: OpcodeName | undefined
  readonly type: number
  /** The digits of the length are between the type and here. */
  readonly dataFrom: number
  readonly dataTo: number
  /** The number of data bytes by the length; null where there is none, or not all of it. */
  readonly size: number | null
  /** What is called data goes on after what is here. */
  readonly cut: boolean
}

function partsOf({ dialect, bytes }: SentinelInput): Parts {
  const type = bytes[0] ?? 0
  const header = emptyFrameHeader()
  if (readSentinelHeader(bytes, 0, bytes.length, header) > 0) {
    return { name: undefined, type, dataFrom: bytes.length, dataTo: bytes.length, size: null, cut: false }
  }
  const { headerLength, lengthForm, lengthUnusable, opcode, payloadLength } = header
  const name = opcodeName(dialect, opcode)
  if (lengthForm !== 'terminated') {
    const size = lengthUnusable ? 0 : payloadLength
    const dataTo = Math.min(bytes.length, headerLength + size)
    return { name, type, dataFrom: headerLength, dataTo, size: payloadLength, cut: dataTo < headerLength + size }
  }
  const end = bytes.indexOf(terminator, headerLength)
  return { name, type, dataFrom: headerLength, dataTo: end < 0 ? bytes.length : end, size: null, cut: end < 0 }
}

/** A frame, or as much of one as is there. */
export function describeSentinelFrame(input: SentinelInput): Description {
  const parts = partsOf(input)
  return {
    ...(input.bytes.length > 0 ? wordsOf(parts, input) : awaitedFrameWords(input.dialect, false)),
    ...summarise(parts, input),
    fields: fieldsOf(parts, input),
    derivations: [],
    layers: layersOf(parts, input),
  }
}

export function summariseSentinelFrame(input: SentinelInput): Summary {
  return summarise(partsOf(input), input)
}

function summarise(parts: Parts, { bytes }: SentinelInput): Summary {
  const data = bytes.subarray(parts.dataFrom, parts.dataTo)
  switch (parts.name) {
    case 'text':
      return { label: 'text', preview: quoteText(data, parts.cut), tone: 'data' }
    case 'close':
      return { label: 'close', preview: '', tone: 'close' }
    default: {
      const label = bytes.length === 0 ? 'frame' : `type 0x${hexOf(parts.type)}`
      return { label, preview: quoteHex(data, parts.cut), tone: 'junk' }
    }
  }
}

function hexOf(byte: number): string {
  return toHex(Uint8Array.of(byte)).toUpperCase()
}

function wordsOf(parts: Parts, { dialect, lane }: SentinelInput): Words {
  const [sender, receiver] = [senderOf(lane), receiverOf(lane)]
  switch (parts.name) {
    case 'text':
      return {
        title: 'Text frame',
        says: 'A whole message of text, in UTF-8. No length is given: the byte FF, which UTF-8 never has, ends it.',
        cite: dialect.cites.text,
        next: `The ${receiver} hands the message to its application. ${utf8Next(dialect, lane)}`,
      }
    case 'close':
      return {
        title: 'Close frame',
        says: `The ${sender} ends the conversation: it sends nothing after this.`,
        cite: dialect.cites.close,
        next: `The ${receiver} answers with the same two bytes unless it has sent them, and ignores all that follows. Then TCP is closed.`,
      }
    default:
      return {
        title: `Frame of type 0x${hexOf(parts.type)}`,
        says: isUnfinished(parts) ? 'Its length is not all there.' : `${dialect.name} gives this no meaning.`,
        cite: dialect.cites.framing,
        next: typeNext(dialect, receiver),
      }
  }
}

function isUnfinished({ type, size }: Parts): boolean {
  return type >= 0x80 && size === null
}

function typeNext({ otherTypes }: SentinelDialect, receiver: 'client' | 'server'): string {
  if (receiver === 'server') return 'The server may end the connection, and this one does.'
  if (otherTypes === 'discarded') return 'The client throws the data away and reads on.'
  return 'The client throws the data away, reports an error to the application and reads on.'
}

// Fields

function fieldsOf(parts: Parts, input: SentinelInput): readonly Field[] {
  if (input.bytes.length === 0) return []
  return [...typeFields(parts, input), ...digitFields(parts, input), ...dataField(parts, input), ...rest(parts, input)]
}

function bits(
  input: SentinelInput,
  index: number,
  range: BitRange,
  field: Omit<Field, 'start' | 'end' | 'bits'>,
): Field {
  return {
    ...field,
    bits: range,
    cite: input.dialect.cites.framing,
    start: input.start + index,
    end: input.start + index + 1,
  }
}

function typeFields({ type, name, size }: Parts, input: SentinelInput): readonly Field[] {
  const counted = type >= 0x80
  const meaning = name ?? (type === 0xff && size !== null && size > 0 ? 'no close, it carries data' : 'no meaning')
  return [
    bits(
      input,
      0,
      { from: 0, to: 1 },
      {
        name: 'form',
        role: 'flag',
        value: counted ? '1' : '0',
        says: counted ? 'a length follows' : 'data up to an FF byte follows',
      },
    ),
    bits(input, 0, { from: 1, to: 8 }, { name: 'type', role: 'opcode', value: `0x${hexOf(type)}`, says: meaning }),
  ]
}

function digitFields({ type, dataFrom }: Parts, input: SentinelInput): readonly Field[] {
  if (type < 0x80) return []
  return Array.from(input.bytes.subarray(1, dataFrom)).flatMap((digit, index) => {
    const goesOn = digit >= 0x80
    const isLastRead = index + 1 === mostDigits && goesOn
    return [
      bits(
        input,
        index + 1,
        { from: 0, to: 1 },
        {
          name: 'more digits',
          role: 'flag',
          value: goesOn ? '1' : '0',
          says: isLastRead
            ? `more than ${mostDigits} digits: nobody can skip that much`
            : goesOn
              ? 'another digit follows'
              : 'last digit',
        },
      ),
      bits(
        input,
        index + 1,
        { from: 1, to: 8 },
        {
          name: 'digit',
          role: 'length',
          value: String(digit & 0x7f),
          says: 'times 128 for every digit behind it',
        },
      ),
    ]
  })
}

function dataField(
  { name, dataFrom, dataTo, size, cut }: Parts,
  { bytes, start, dialect }: SentinelInput,
): readonly Field[] {
  const data = bytes.subarray(dataFrom, dataTo)
  if (data.length === 0) return []
  const place = { start: start + dataFrom, end: start + dataTo }
  if (name === 'text') {
    return [
      { name: 'text', role: 'text', value: quoteText(data, cut), says: 'UTF-8', cite: dialect.cites.text, ...place },
    ]
  }
  const value = cut && size !== null ? cutValue(data, size) : quoteHex(data, cut)
  return [{ name: 'data', role: 'junk', value, says: 'thrown away', cite: dialect.cites.framing, ...place }]
}

/** The FF byte, and bytes past the end of the frame: callers that cut units right never have any of those. */
function rest({ type, dataTo }: Parts, input: SentinelInput): readonly Field[] {
  const { bytes, start, dialect } = input
  const hasEnd = type < 0x80 && bytes[dataTo] === terminator
  const from = hasEnd ? dataTo + 1 : dataTo
  const ending = hasEnd ? [terminatorField(dialect, start + dataTo)] : []
  if (from === bytes.length) return ending
  const place = { start: start + from, end: start + bytes.length }
  return [
    ...ending,
    {
      name: 'excess',
      role: 'junk',
      value: quoteHex(bytes.subarray(from), false),
      says: 'past the end of the frame',
      ...place,
    },
  ]
}

/** The byte that ends a text, at a place of its lane. */
export function terminatorField({ cites }: SentinelDialect, start: number): Field {
  return {
    name: 'end of data',
    role: 'separator',
    value: 'FF',
    says: 'never part of UTF-8',
    cite: cites.framing,
    start,
    end: start + 1,
  }
}

function layersOf({ name, dataFrom, dataTo }: Parts, { bytes, start }: SentinelInput): readonly Layer[] {
  const wire: Layer = { name: 'wire', bytes, at: start }
  if (name !== 'text' || dataTo === dataFrom) return [wire]
  return [wire, { name: 'text', bytes: bytes.subarray(dataFrom, dataTo), at: start + dataFrom }]
}
