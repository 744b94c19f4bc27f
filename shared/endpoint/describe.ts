// Describes one unit for people: what it is, what every bit of it means, how its values were computed.
//
// Describing judges nothing: whatever the bytes are, the leaves of the fields tile them to the bit. It costs what the
// bytes given cost, so callers hand over only the beginning of a unit too big to look at.
import type { Field } from '../bytes/field.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { parseHead } from '../handshake/head.ts'
import { describeChallenge, summariseChallenge } from './describeChallenge.ts'
import { describeFrame, summariseFrame } from './describeFrame.ts'
import { describeHead, summariseHead } from './describeHead.ts'
import { describePolicy, policySummary } from './describePolicy.ts'
import { describeSentinelFrame, summariseSentinelFrame } from './describeSentinel.ts'
import { quoteHex } from './describeText.ts'
import { junkWords } from './describeWords.ts'
import type { Description, Summary, UnitInput } from './description.ts'

/** All there is to say about a unit, or about as much of it as is there. Total. */
export function describeUnit(input: UnitInput): Description {
  switch (input.kind) {
    case 'request':
    case 'response':
      return describeHead(input, input.kind)
    case 'challenge':
      return describeChallenge(input)
    case 'frame':
      return describeAnyFrame(input)
    case 'junk':
      return describeJunk(input)
    default:
      return unreachable(input.kind)
  }
}

/** The part of `describeUnit` that a row of the ladder shows, for a fraction of the cost. */
export function summariseUnit(input: UnitInput): Summary {
  switch (input.kind) {
    case 'request':
    case 'response':
      return summariseHead(parseHead(input.bytes, input.kind, input.start))
    case 'challenge':
      return summariseChallenge(input)
    case 'frame':
      return summariseAnyFrame(input)
    case 'junk':
      return summariseJunk(input)
    default:
      return unreachable(input.kind)
  }
}

function describeAnyFrame(input: UnitInput): Description {
  const { dialect } = input
  return dialect.framing === 'sentinel'
    ? describeSentinelFrame({ ...input, dialect })
    : describeFrame({ ...input, dialect })
}

function summariseAnyFrame(input: UnitInput): Summary {
  const { dialect } = input
  return dialect.framing === 'sentinel'
    ? summariseSentinelFrame({ ...input, dialect })
    : summariseFrame({ ...input, dialect })
}

function summariseJunk(input: UnitInput): Summary {
  const { bytes, start, end } = input
  const policy = policySummary(input)
  if (policy) return policy
  const more = end !== null && end - start > bytes.length
  return { label: 'junk', preview: quoteHex(bytes, more), tone: 'junk' }
}

function describeJunk(input: UnitInput): Description {
  const { bytes, start } = input
  const policy = describePolicy(input)
  if (policy) return policy
  const summary = summariseJunk(input)
  const leaf: Field = { name: 'junk', role: 'junk', value: summary.preview, start, end: start + bytes.length }
  return {
    ...junkWords,
    ...summary,
    fields: bytes.length > 0 ? [leaf] : [],
    derivations: [],
    layers: [{ name: 'wire', bytes, at: start }],
  }
}

/** The fields that have no children, in order: the ones that tile the unit. */
export function leavesOf(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => (field.children ? leavesOf(field.children) : [field]))
}
