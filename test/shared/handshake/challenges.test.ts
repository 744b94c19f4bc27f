import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { toHex } from '../../../shared/bytes/hex.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { connectionKey } from '../../../shared/framing/frameMask.ts'
import { acceptValue, makeKey, parseKey } from '../../../shared/handshake/accept.ts'
import {
  clientDigest,
  clientHashInput,
  encodeClientHello,
  encodeServerHello,
  formatNonce,
  parseNonce,
  serverDigest,
  serverHashInput,
} from '../../../shared/handshake/hello.ts'
import { challengeBytes, keyNumbersProof, makeKeyNumber, parseKeyNumber } from '../../../shared/handshake/keyNumbers.ts'
import { casesOf, fromHex } from '../vectors.ts'

const accepts = casesOf('accept')
const withNonces = accepts.filter(({ vector }) => vector.input?.clientNonceHex)
const withKeys = accepts.filter(({ vector }) => vector.decoded?.accept)

describe('the numbers hidden in two keys', () => {
  const withNumbers = accepts.filter(({ vector }) => vector.input?.key3Hex)

  it.each(withNumbers)('$id: give the parts, the challenge and the proof of the vector', ({ vector }) => {
    const { key1, key2, key3Hex } = vector.input!
    const [one, two] = [parseKeyNumber(key1!), parseKeyNumber(key2!)]
    if (!one.ok || !two.ok) throw new Error('both keys have a part')
    const { number1, spaces1, part1, part2, challengeHex, responseHex } = vector.decoded!
    if (number1 !== undefined) expect(one.value).toEqual({ digits: String(number1), spaces: spaces1, part: part1 })
    if (part2 !== undefined) expect(two.value.part).toBe(part2)
    const key3 = fromHex(key3Hex!)
    if (challengeHex) expect(toHex(challengeBytes(one.value.part, two.value.part, key3))).toBe(challengeHex)
    expect(toHex(keyNumbersProof(one.value.part, two.value.part, key3))).toBe(responseHex)
  })

  it.each([
    ['4@146546', 'spaces'],
    ['4\t2', 'spaces'],
    ['a b', 'digits'],
    ['3 x ', 'multiple'],
    [`${'9'.repeat(400)} x`, 'range'],
    ['4294967296 x', 'range'],
  ])('are none in %j', (key, reason) => {
    expect(parseKeyNumber(key)).toEqual({ ok: false, reason })
  })

  it('come back from keys that a client makes, which begin and end with no space', () => {
    for (let seed = 0; seed < 300; seed++) {
      const key = makeKeyNumber(seededRandom(seed))
      const parsed = parseKeyNumber(key)
      expect(parsed.ok && parsed.value.spaces).toBeGreaterThanOrEqual(1)
      expect(parsed.ok && parsed.value.spaces).toBeLessThanOrEqual(12)
      expect(key).toMatch(/^[!-~][ -~]*[!-~]$/)
      expect(key.length).toBeLessThanOrEqual(34)
    }
  })
})

describe('the digests of Upgrade+Hello', () => {
  it.each(withNonces)('$id: are as in the vector', ({ vector, lane }) => {
    const client = fromHex(vector.input!.clientNonceHex!)
    const server = fromHex(vector.input!.serverNonceHex!)
    const expected = vector.decoded!
    const ofClient = vector.direction === 'c2s'
    expect(toHex(ofClient ? clientDigest(client, server) : serverDigest(client, server))).toBe(vector.hex)
    if (expected.hashedHex) {
      const input = lane === 'clientToServer' ? clientHashInput(client, server) : serverHashInput(client, server)
      expect(toHex(input)).toBe(expected.hashedHex)
    }
    if (expected.serverHelloHex) expect(toHex(encodeServerHello(client, server))).toBe(expected.serverHelloHex)
    if (expected.clientHelloHex) expect(toHex(encodeClientHello(client, server))).toBe(expected.clientHelloHex)
  })

  it('hash 25 octets: the 41 the draft speaks of would not give its own example', () => {
    const nonces = ['a23f2bca452dde01', '15f0d2278bcd457f'].map(fromHex) as [Uint8Array, Uint8Array]
    const misread = accepts.find(({ id }) => id.endsWith('41-octet-misreading'))!
    expect(serverHashInput(...nonces)).toHaveLength(25)
    expect(toHex(serverDigest(...nonces))).toBe('ee7ebe0c369cbf255a4451fc58d7cc4f')
    expect(toHex(serverDigest(...nonces))).not.toBe(misread.vector.hex)
  })

  it('give both Hello frames of the draft’s example', () => {
    const nonces = ['a23f2bca452dde01', '15f0d2278bcd457f'].map(fromHex) as [Uint8Array, Uint8Array]
    expect(toHex(encodeServerHello(...nonces))).toBe('8f1815f0d2278bcd457fee7ebe0c369cbf255a4451fc58d7cc4f')
    expect(toHex(encodeClientHello(...nonces))).toBe('8f1033122035d11258fd7c764314580e539c')
  })
})

describe('a nonce in the request', () => {
  it('is 16 hex digits and comes back in upper case', () => {
    const parsed = parseNonce('00000000452DDE01')
    expect(parsed).toEqual({ ok: true, nonce: fromHex('00000000452dde01'), lowerCaseAt: -1 })
    expect(formatNonce(fromHex('00000000452dde01'))).toBe('00000000452DDE01')
  })

  it('may be read in lower case, which is told', () => {
    expect(parseNonce('A23f2BCA452DDE01')).toMatchObject({ ok: true, lowerCaseAt: 3 })
  })

  it.each([
    ['A23F2BCA452DDE0', 'length', 15],
    ['A23F2BCA452DDE011', 'length', 17],
    ['', 'length', 0],
    ['A23F2BCA452DDE0G', 'digit', 15],
    ['oj8rykUt3gE=', 'digit', 0],
  ])('%j is refused for its %s at %i', (text, reason, at) => {
    expect(parseNonce(text)).toEqual({ ok: false, reason, at })
  })
})

/** What the drafts' sample key decodes to: "the sample nonce". */
const sampleKeyHex = '7468652073616d706c65206e6f6e6365'

describe('the accept value', () => {
  it.each(withKeys)('$id: is as in the vector, and the key is read as 16 bytes', ({ vector }) => {
    const key = vector.input!.key!
    expect(acceptValue(key)).toBe(vector.decoded!.accept)
    expect(parseKey(key)).toEqual({ ok: true, bytes: fromHex(vector.decoded!.keyDecodedHex ?? sampleKeyHex) })
  })

  it('is the one the RFC prints for its sample nonce', () => {
    expect(makeKey(encodeLatin1('the sample nonce'))).toBe('dGhlIHNhbXBsZSBub25jZQ==')
    expect(acceptValue('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  it.each([
    ['this is not base64!!!!!!', 'base64', 4],
    ['eHh4eHh4eHh4eHh4eHh4', 'length', 20],
    ['', 'length', 0],
  ])('the key %j is refused: %s at %i', (key, reason, at) => {
    expect(parseKey(key)).toEqual({ ok: false, reason, at })
  })
})

describe('the key of a connection in hybi-04', () => {
  it.each(accepts.filter(({ vector }) => vector.input?.serverNonce))('$id: is as in the vector', ({ vector }) => {
    const { key, serverNonce } = vector.input!
    expect(toHex(connectionKey(key!, serverNonce!))).toBe(vector.hex)
  })

  it('does not go into the accept value, which the draft’s overview prints wrong', () => {
    const erratum = accepts.find(({ id }) => id === 'hybi-04/accept-overview-erratum')!
    expect(acceptValue(erratum.vector.input!.key!)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    expect(toHex(parseKeyBytes('s3pPLMBiTxaQ9kYGzzhZRbK+xOo='))).not.toBe(erratum.vector.hex)
  })
})

function parseKeyBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}
