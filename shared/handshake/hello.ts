// The challenge of Upgrade+Hello: nonces and the digests over them. hello-00 §5.
import { md5 } from '@noble/hashes/legacy.js'
import { concat } from '../bytes/concat.ts'
import { toHex } from '../bytes/hex.ts'
import type { Lane } from '../bytes/lanes.ts'

export const nonceSize = 8
export const digestSize = 16

/** Payload bytes of a Hello: the server's has its nonce in front of the digest. */
export function helloPayloadSize(lane: Lane): number {
  return lane === 'serverToClient' ? nonceSize + digestSize : digestSize
}

/** `WebSocket` in ASCII, hashed between the two nonces. */
const helloSalt = Uint8Array.of(0x57, 0x65, 0x62, 0x53, 0x6f, 0x63, 0x6b, 0x65, 0x74)

/** hello-00 §12, step 48: the receiver compares these octets literally, so no other spelling of the header will do. */
export const helloFirstOctet = 0x8f
/** 24 octets follow: nonce and digest. */
export const serverHelloSecondOctet = 0x18
/** 16 octets follow: the digest. */
export const clientHelloSecondOctet = 0x10

/** The 25 octets hashed for the server's Hello. hello-00 §5; its "41 octets" in §10 would not give its own example. */
export function serverHashInput(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  return concat(clientNonce, helloSalt, serverNonce)
}

/** The 25 octets hashed for the client's Hello: the nonces change places, so an echoed digest proves nothing. */
export function clientHashInput(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  return concat(serverNonce, helloSalt, clientNonce)
}

/** 16 octets that prove the server read the client's nonce. Nonces are 8 raw octets. */
export function serverDigest(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  return md5(serverHashInput(clientNonce, serverNonce))
}

/** 16 octets that prove the client read the server's nonce. */
export function clientDigest(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  return md5(clientHashInput(clientNonce, serverNonce))
}

/** The server's first frame: 26 octets. hello-00 §13. */
export function encodeServerHello(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  const start = Uint8Array.of(helloFirstOctet, serverHelloSecondOctet)
  return concat(start, serverNonce, serverDigest(clientNonce, serverNonce))
}

/** The client's first frame: 18 octets. hello-00 §12. */
export function encodeClientHello(clientNonce: Uint8Array, serverNonce: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(helloFirstOctet, clientHelloSecondOctet), clientDigest(clientNonce, serverNonce))
}

export type ParsedNonce =
  /** `lowerCaseAt`: index of the first lower-case digit, or -1. */
  | { readonly ok: true; readonly nonce: Uint8Array; readonly lowerCaseAt: number }
  /** `at`: index of the first character that is not a hex digit, or the length of the text. */
  | { readonly ok: false; readonly reason: 'digit' | 'length'; readonly at: number }

/** Reads the request's nonce: 16 hex digits. hello-00 §12 writes them in upper case. */
export function parseNonce(text: string): ParsedNonce {
  const bad = text.search(/[^0-9A-Fa-f]/)
  if (bad >= 0) return { ok: false, reason: 'digit', at: bad }
  if (text.length !== 2 * nonceSize) return { ok: false, reason: 'length', at: text.length }
  const nonce = Uint8Array.from({ length: nonceSize }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
  return { ok: true, nonce, lowerCaseAt: text.search(/[a-f]/) }
}

/** The nonce as a client sends it: 16 upper-case hex digits, zero-padded. hello-00 §12. */
export function formatNonce(nonce: Uint8Array): string {
  return toHex(nonce).toUpperCase()
}
