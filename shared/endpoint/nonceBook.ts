// The nonces of a session's requests, to tell one that comes again. RFC 6455 §4.1: it is drawn anew for each connection.
// It keeps the latest ones only, so that a session of any length costs the same.

/** Nonces kept at most. */
export const mostNonces = 4096

/** Characters of one that is kept: no dialect has longer ones, both keys of hixie-76 together included. */
const longestNonce = 80

export interface NonceBook {
  /** The other connection that had the nonce, the latest one; null when none that is remembered did. */
  had(nonce: string, connection: number): number | null
  /** Remembers that the connection had it. */
  note(nonce: string, connection: number): void
}

export function createNonceBook(): NonceBook {
  const connections = new Map<string, number>()
  return {
    had(nonce, connection) {
      const other = connections.get(nonce)
      return other === undefined || other === connection ? null : other
    },
    note(nonce, connection) {
      if (nonce.length > longestNonce) return
      connections.delete(nonce) // a map keeps the order in which its keys were put in
      connections.set(nonce, connection)
      if (connections.size > mostNonces) connections.delete(connections.keys().next().value!)
    },
  }
}

/** The same that remembers nothing more. */
export function readOnly({ had }: NonceBook): NonceBook {
  return { had, note: () => {} }
}
