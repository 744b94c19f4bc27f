// Describes the bytes behind the empty lines of the heads: 8 from the client, 16 from the server. hixie-76 §1.3.
import { toHex } from '../bytes/hex.ts'
import { challengeSize } from '../handshake/keyNumbers.ts'
import { keyNumberDerivation, proofDerivation } from './describeDerivations.ts'
import { cutValue } from './describeText.ts'
import { challengeWords } from './describeWords.ts'
import type { Derivation, Description, Summary, UnitInput } from './description.ts'

/** All of the bytes, or as many as are there. */
export function describeChallenge(input: UnitInput): Description {
  const { dialect, lane, bytes, start } = input
  const size = challengeSize(lane)
  const isKey = lane === 'clientToServer'
  const place = { start, end: start + bytes.length }
  const value = bytes.length < size ? cutValue(bytes, size) : toHex(bytes)
  const name = isKey ? 'third key' : 'proof'
  const says = isKey ? 'random, hashed as it is' : 'MD5 over both numbers and the third key'
  return {
    ...challengeWords(dialect, lane),
    ...summariseChallenge(input),
    fields:
      bytes.length === 0
        ? []
        : [{ name, role: isKey ? 'nonce' : 'digest', value, says, cite: dialect.cites.challenge, ...place }],
    derivations: isKey ? [] : derivations(input, size),
    layers: [{ name: 'wire', bytes, at: start }],
  }
}

export function summariseChallenge({ lane }: UnitInput): Summary {
  return lane === 'clientToServer'
    ? { label: 'key 3', preview: '8 random bytes', tone: 'hello' }
    : { label: 'proof', preview: 'MD5 of the keys', tone: 'hello' }
}

function derivations({ context, lane, bytes, start }: UnitInput, size: number): readonly Derivation[] {
  const proof = bytes.length < size ? null : { value: bytes, lane, span: { start, end: start + size } }
  return [
    keyNumberDerivation('key 1', context.key1),
    keyNumberDerivation('key 2', context.key2),
    proofDerivation(context, proof),
  ]
}
