// The protection of TLS records by AEAD ciphers, for whoever has the secrets: TLS 1.3 (RFC 8446 §5.2 and §7) and the AEAD
// suites of TLS 1.2 (RFC 5246 §6.2.3.3, RFC 5288, RFC 7905). Nothing is encrypted here.
import { gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { expand } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { encodeLatin1 } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Role } from '../bytes/lanes.ts'

export interface Suite {
  readonly name: string
  readonly cipher: 'aesGcm' | 'chaCha20'
  /** Bytes. */
  readonly keyLength: 16 | 32
  readonly hash: typeof sha256 | typeof sha384
}

const aes128 = { cipher: 'aesGcm', keyLength: 16, hash: sha256 } as const
const aes256 = { cipher: 'aesGcm', keyLength: 32, hash: sha384 } as const
const chaCha = { cipher: 'chaCha20', keyLength: 32, hash: sha256 } as const

/** By their number, https://www.iana.org/assignments/tls-parameters: RFC 8446 B.4, RFC 5288 §3, RFC 5289 §3.2, RFC 7905 §2. */
export const suites: ReadonlyMap<number, Suite> = new Map<number, Suite>([
  [0x1301, { name: 'TLS_AES_128_GCM_SHA256', ...aes128 }],
  [0x1302, { name: 'TLS_AES_256_GCM_SHA384', ...aes256 }],
  [0x1303, { name: 'TLS_CHACHA20_POLY1305_SHA256', ...chaCha }],
  [0x009c, { name: 'TLS_RSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0x009d, { name: 'TLS_RSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0x009e, { name: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0x009f, { name: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xc02b, { name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0xc02c, { name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xc02f, { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0xc030, { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xcca8, { name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', ...chaCha }],
  [0xcca9, { name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', ...chaCha }],
  [0xccaa, { name: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', ...chaCha }],
])

/** Opens the records of one direction, one after the other. */
export interface Opener {
  /**
   * What is in the record, without the tag; null when it was not sealed with this key as the next one, and then the next
   * one is still awaited. `header`: the five bytes before it.
   */
  open(header: Uint8Array, sealed: Uint8Array): Uint8Array | null
  /** TLS 1.3 only, RFC 8446 §7.2: what opens the records after a KeyUpdate. */
  updated(): Opener
}

export function opener13(suite: Suite, secret: Uint8Array): Opener {
  const { keyLength, hash } = suite
  const key = expandLabel(suite, secret, 'key', keyLength)
  const iv = expandLabel(suite, secret, 'iv', 12)
  let sequence = 0
  return {
    open(header, sealed) {
      const plain = decrypt(suite, key, nonceOf(iv, sequence), header, sealed)
      if (plain) sequence += 1
      return plain
    },
    updated: () => opener13(suite, expandLabel(suite, secret, 'traffic upd', hash.outputLen)),
  }
}

/** RFC 8446 §7.1, with an empty context. `length` in bytes. */
function expandLabel({ hash }: Suite, secret: Uint8Array, label: string, length: number): Uint8Array {
  const full = encodeLatin1(`tls13 ${label}`)
  return expand(
    hash,
    secret,
    concat(Uint8Array.of(length >> 8, length & 0xff, full.length), full, Uint8Array.of(0)),
    length,
  )
}

export interface Randoms {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

/** RFC 5246 §6.3: both sides' keys, then both sides' fixed parts of the nonce, all out of the master secret. */
export function openers12(suite: Suite, master: Uint8Array, { client, server }: Randoms): Record<Role, Opener> {
  const { cipher, keyLength } = suite
  const ivLength = cipher === 'aesGcm' ? 4 : 12
  const block = keyBlock(
    suite,
    master,
    concat(encodeLatin1('key expansion'), server, client),
    2 * (keyLength + ivLength),
  )
  const openerAt = (place: 0 | 1) => {
    const ivAt = 2 * keyLength + place * ivLength
    return opener12(
      suite,
      block.subarray(place * keyLength, (place + 1) * keyLength),
      block.subarray(ivAt, ivAt + ivLength),
    )
  }
  return { client: openerAt(0), server: openerAt(1) }
}

function opener12(suite: Suite, key: Uint8Array, iv: Uint8Array): Opener {
  // RFC 5288 §3: eight bytes of the nonce stand before what is sealed with AES-GCM.
  const explicit = suite.cipher === 'aesGcm' ? 8 : 0
  let sequence = 0
  return {
    open(header, record) {
      const length = record.length - explicit - tagLength
      if (length < 0) return null
      const nonce = explicit ? concat(iv, record.subarray(0, explicit)) : nonceOf(iv, sequence)
      // RFC 5246 §6.2.3.3: sequence number, type, version, and the length of the plain text.
      const about = concat(bigEndian(sequence, 8), header.subarray(0, 3), bigEndian(length, 2))
      const plain = decrypt(suite, key, nonce, about, record.subarray(explicit))
      if (plain) sequence += 1
      return plain
    },
    updated() {
      throw new Error('TLS 1.2 has no KeyUpdate')
    },
  }
}

/** RFC 5246 §5: P_hash, as many bytes as asked for. */
function keyBlock({ hash }: Suite, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  let made: Uint8Array = new Uint8Array(0)
  for (let a = hmac(hash, secret, seed); made.length < length; a = hmac(hash, secret, a)) {
    made = concat(made, hmac(hash, secret, concat(a, seed)))
  }
  return made
}

const tagLength = 16

function decrypt(
  { cipher }: Suite,
  key: Uint8Array,
  nonce: Uint8Array,
  about: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < tagLength) return null
  try {
    return (cipher === 'aesGcm' ? gcm : chacha20poly1305)(key, nonce, about).decrypt(sealed)
  } catch {
    return null // the tag does not fit: the library's only failure on bytes of these lengths
  }
}

/** RFC 8446 §5.3, RFC 7905 §2: the sequence number, on the right of the fixed part. */
function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const number = bigEndian(sequence, 12)
  return iv.map((byte, place) => byte ^ number[place]!)
}

function bigEndian(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let place = length - 1, rest = number; rest > 0 && place >= 0; place -= 1, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256
  }
  return bytes
}
