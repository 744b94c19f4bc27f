// The mask of a frame in hybi-04, which both nonces of the opening handshake go into. hybi-04 §4.2.
import { sha1 } from '@noble/hashes/legacy.js'
import { encodeLatin1 } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Dialect } from '../dialects/dialect.ts'

/** hybi-04 §4.2. */
export const maskingGuid = '61AC5F19-FBBA-4540-B96F-6561F1AB40A8'

/** Whether the clients of a dialect mask with hashes, for which a connection has a key. */
export function hashesMasks(dialect: Dialect): boolean {
  return dialect.framing === 'lengthPrefixed' && dialect.masking === 'clientFrameHashed'
}

/** 20 bytes for a connection: the key and the nonce are hashed as the texts they are, never decoded. */
export function connectionKey(key: string, nonce: string): Uint8Array {
  return sha1(encodeLatin1(key + nonce + maskingGuid))
}

/** 20 bytes for one frame, from the four in front of it. */
export function hashedMask(frameNonce: Uint8Array, key: Uint8Array): Uint8Array {
  return sha1(concat(frameNonce, key))
}
