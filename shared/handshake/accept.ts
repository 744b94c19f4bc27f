// The challenge of RFC 6455: a random key in the request and its hash in the response.
import { sha1 } from '@noble/hashes/legacy.js'
import { encodeLatin1 } from '../bytes/ascii.ts'
import { parseBase64, toBase64 } from '../bytes/base64.ts'

/** RFC 6455 §1.3. */
export const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

export const keySize = 16

/** Where a server of hybi-04 puts its nonce, 16 random bytes in base64 like a key. hybi-04 §5.2.2. */
export const serverNonceField = 'Sec-WebSocket-Nonce'

/** What the server answers to a key. RFC 6455 §4.2.2: the key is hashed as the text it is, never decoded. */
export function acceptValue(key: string): string {
  return toBase64(sha1(encodeLatin1(key + acceptGuid)))
}

/** The key as a client sends it: base64 of 16 random bytes. RFC 6455 §4.1 item 7. */
export function makeKey(random: Uint8Array): string {
  return toBase64(random)
}

export type ParsedKey =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /** `at`: index of the first character that is not base64, or the length of the text. */
  | { readonly ok: false; readonly reason: 'base64' | 'length'; readonly at: number }

/** RFC 6455 §4.2.1 item 5: the key decodes to 16 bytes. */
export function parseKey(text: string): ParsedKey {
  const parsed = parseBase64(text)
  if ('badAt' in parsed) return { ok: false, reason: 'base64', at: parsed.badAt }
  if (parsed.bytes.length !== keySize) return { ok: false, reason: 'length', at: text.length }
  return { ok: true, bytes: parsed.bytes }
}
