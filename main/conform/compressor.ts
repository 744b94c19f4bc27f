// permessage-deflate for the tests: the system's zlib, so that our own inflater is held against another one.
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'
import type { Role } from '../../shared/bytes/lanes.ts'
import type { Agreed, SideTerms } from '../../shared/conform/compression.ts'

export interface Compressor {
  compress(message: Uint8Array): Promise<Uint8Array>
  /** Null when it is no DEFLATE. */
  inflate(payload: Uint8Array): Promise<Uint8Array | null>
  close(): void
}

/** RFC 7692 §7.2.1, §7.2.2: what a flush leaves at the end goes, and comes back before inflating. */
const tail = Uint8Array.of(0x00, 0x00, 0xff, 0xff)

/** A compressor for our end, when the peer has the other role. */
export function createCompressor(agreed: Agreed, peer: Role): Compressor {
  const ours = peer === 'server' ? agreed.client : agreed.server
  const theirs = agreed[peer]
  let deflater = createDeflateRaw({ windowBits: ours.windowBits })
  let inflater = createInflateRaw({ windowBits: theirs.windowBits })
  return {
    async compress(message) {
      const bytes = await through(deflater, message)
      if (ours.noContextTakeover) deflater = renewed(deflater, () => createDeflateRaw({ windowBits: ours.windowBits }))
      return bytes.subarray(0, bytes.length - tail.length)
    },
    async inflate(payload) {
      const bytes = await through(inflater, Buffer.concat([payload, tail])).catch(() => null)
      if (theirs.noContextTakeover) inflater = renewed(inflater, () => inflaterFor(theirs))
      return bytes
    },
    close() {
      deflater.close()
      inflater.close()
    },
  }
}

function inflaterFor({ windowBits }: SideTerms): InflateRaw {
  return createInflateRaw({ windowBits })
}

function renewed<T extends DeflateRaw | InflateRaw>(old: T, make: () => T): T {
  old.close()
  return make()
}

function through(stream: DeflateRaw | InflateRaw, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const add = (part: Buffer) => parts.push(part)
    const settle = (error?: Error | null) => {
      stream.off('data', add)
      stream.off('error', settle)
      if (error) reject(error)
      else resolve(Buffer.concat(parts))
    }
    stream.on('data', add)
    stream.on('error', settle)
    stream.write(bytes)
    stream.flush(constants.Z_SYNC_FLUSH, () => settle())
  })
}
