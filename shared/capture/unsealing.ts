// Reading TLS in captures of others: the secrets that are known, what they make readable, and why the rest is not. What is
// made readable is in no packet: it is kept in a store of its own, which reads like a place far behind the file.
import type { Result } from '../ipc/result.ts'
import { createKeyLog } from './keyLog.ts'
import type { ByteStore } from './record.ts'
import { clientRandomOf, createTlsReader, type TlsProblem, type TlsReader } from './tlsReader.ts'

/** Why TLS is not read: nothing is known of it, there is no memory for it, or what came to light as it was read. */
export type Unread = 'unknown' | 'room' | TlsProblem

export interface Unsealing {
  /** The file, and what is kept beside it. */
  readonly store: ByteStore
  /** Takes a key log, or a part of one. It counts for connections that begin after it. */
  addKeys(text: Uint8Array): void
  /** Reads TLS of which the client's stream begins so; null when there are no secrets for it. */
  begin(clientStream: Uint8Array): TlsReader | null
  /** Keeps bytes; answers where the store has them. */
  keep(plain: Uint8Array): number
  /** A connection is not read, or not any further. */
  giveUp(why: Unread): void
  /** What was read and what was not, as sentences. */
  notes(): readonly string[]
}

/** Offset at which what is kept begins: no file is as long, and a double holds every number up to twice that. */
const keptAt = 2 ** 52

/** `scratch` makes the store for what is kept, when something is. `keys`: a key log of the person. */
export function createUnsealing(file: ByteStore, scratch: () => Result<ByteStore>, keys?: Uint8Array): Unsealing {
  const log = createKeyLog()
  const unread = new Map<string, number>()
  let kept: ByteStore | null = null
  let trouble: string | null = null
  let read = 0
  if (keys) log.add(keys)

  function storeIsThere(): boolean {
    if (kept || trouble !== null) return kept !== null
    const made = scratch()
    if (made.ok) kept = made.value
    else trouble = made.error
    return made.ok
  }

  return {
    store: besides(file, () => kept),
    addKeys: log.add,
    begin(clientStream) {
      const random = clientRandomOf(clientStream)
      const secrets = log.secretsOf(random)
      if (!secrets || !storeIsThere()) return null
      read += 1
      return createTlsReader(random, secrets)
    },
    keep(plain) {
      const at = keptAt + kept!.size
      kept!.append(plain)
      return at
    },
    giveUp(why) {
      if (typeof why === 'object') read -= 1
      const reason = trouble ?? reasonOf(why, log.size > 0)
      unread.set(reason, (unread.get(reason) ?? 0) + 1)
    },
    notes: () => [
      ...(read > 0 ? [`${connections(read)} read with the secrets of a key log.`] : []),
      ...[...unread].map(([reason, count]) => `${connections(count)} skipped: ${reason}`),
      ...(log.left > 0 ? [`${log.left} lines of the key log were passed over: it tells of too many connections.`] : []),
    ],
  }
}

function connections(count: number): string {
  return count === 1 ? '1 TLS connection was' : `${count} TLS connections were`
}

function besides(file: ByteStore, kept: () => ByteStore | null): ByteStore {
  return {
    get size() {
      return file.size
    },
    append: file.append,
    read: (offset, length) => (offset < keptAt ? file.read(offset, length) : kept()!.read(offset - keptAt, length)),
  }
}

/** The rest of a sentence. */
function reasonOf(why: Unread, hasKeys: boolean): string {
  if (why === 'room') return 'there are too many at once.'
  if (why === 'unknown') return hasKeys ? lacking : withoutKeys
  switch (why.kind) {
    case 'secrets':
      return 'the key log has not all the secrets that it takes to read them.'
    case 'suite':
      return `cipher suite 0x${why.number.toString(16).padStart(4, '0')} is not read; those with AES-GCM and ChaCha20-Poly1305 are.`
    case 'record':
      return 'a record of theirs is damaged, or the secrets of the key log do not open it.'
  }
}

const withoutKeys =
  'it takes their secrets to read them. A program at one of the ends writes these where the environment variable SSLKEYLOGFILE says; give that file with --keylog FILE; in the window, Sessions has With a key log….'
const lacking =
  'the key log has no secrets of them. It has to be written by a program at one of the ends while they are captured.'
