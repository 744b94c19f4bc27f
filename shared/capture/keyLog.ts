// Key logs: the secrets of TLS connections as programs write them down, so that others can read what they captured,
// https://datatracker.ietf.org/doc/draft-ietf-tls-keylogfile/. A connection is known by the random number of its client.
import { parseHex, toHex } from '../bytes/hex.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'

/** Those that are used: the master secret of TLS 1.2, and where the traffic secrets of TLS 1.3 begin. */
export type SecretLabel = 'CLIENT_RANDOM' | 'CLIENT_TRAFFIC_SECRET_0' | 'SERVER_TRAFFIC_SECRET_0'

export type Secrets = Readonly<Partial<Record<SecretLabel, Uint8Array>>>

export interface KeyLog {
  /** Takes the lines of a key log. What is no line of one, or of a secret that is not used, is passed over. */
  add(text: Uint8Array): void
  /** What is known of the connection whose client drew these 32 bytes; null when nothing is. */
  secretsOf(clientRandom: Uint8Array): Secrets | null
  /** Connections that something is known of. */
  readonly size: number
  /** Lines for which there was no room. */
  readonly left: number
}

/** Connections whose secrets are kept, at most. */
export const mostKeys = 100_000

/** The master secret of TLS 1.2 has 48 bytes, RFC 5246 §8.1; a secret of TLS 1.3 is as long as its hash. */
const lines =
  /^(CLIENT_RANDOM|CLIENT_TRAFFIC_SECRET_0|SERVER_TRAFFIC_SECRET_0) ([\da-f]{64}) ([\da-f]{64}|[\da-f]{96})\s*$/gim

export function createKeyLog(): KeyLog {
  const known = new Map<string, Partial<Record<SecretLabel, Uint8Array>>>()
  let left = 0

  function keep(label: SecretLabel, random: string, hex: string): void {
    const secret = parseHex(hex)
    const secrets = known.get(random) ?? {}
    if (known.size >= mostKeys && !known.has(random)) left += 1
    else if (secret.ok) known.set(random, Object.assign(secrets, { [label]: secret.value }))
  }

  return {
    add(text) {
      for (const [, label, random, secret] of decodeUtf8(text).matchAll(lines)) {
        keep(label!.toUpperCase() as SecretLabel, random!.toLowerCase(), secret!)
      }
    },
    secretsOf: (clientRandom) => known.get(toHex(clientRandom)) ?? null,
    get size() {
      return known.size
    },
    get left() {
      return left
    },
  }
}
