// What a TLS connection turned out to be, for people and for programs.
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { Role } from '../../../shared/bytes/lanes.ts'

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** First and last day it is valid on, as `2026-11-26`. */
  readonly from: string
  readonly to: string
  /** Of the whole certificate, as hex. */
  readonly sha256: string
}

export interface TlsFacts {
  /** Whose side of the tap it is on. */
  readonly side: Role
  /** `TLSv1.3` */
  readonly version: string
  readonly cipher: string
  /** The protocol agreed on by ALPN, RFC 7301; null when none was. */
  readonly alpn: string | null
  /** The name the client asked for, RFC 6066 §3; null when it named none. */
  readonly sni: string | null
  /** The server's certificates, its own first, up to what it sent. */
  readonly chain: readonly CertificateFacts[]
  /** Why the server's certificates were not to be trusted, where the person said to go on all the same; else null. */
  readonly unverified: string | null
}

/** The most certificates of a chain that are told. */
const longestChain = 10

/** Of a socket whose handshake is done. `chain` is what the server showed, its own certificate first. */
export function tlsFacts(
  socket: TLSSocket,
  { side, sni, chain }: Pick<TlsFacts, 'side' | 'sni'> & { readonly chain: readonly X509Certificate[] },
): TlsFacts {
  const problem = side === 'server' && !socket.authorized ? socket.authorizationError : null
  return {
    side,
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    alpn: socket.alpnProtocol || null,
    sni,
    chain: chain.map(certificateFacts),
    unverified: problem ? String(problem) : null,
  }
}

/** What the server at the other end showed, its own certificate first. */
export function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let next = socket.getPeerX509Certificate(); next && chain.length < longestChain; next = next.issuerCertificate) {
    if (chain.at(-1)?.fingerprint256 === next.fingerprint256) break // one that signs itself is its own issuer
    chain.push(next)
  }
  return chain
}

export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: onOneLine(certificate.subject),
    issuer: onOneLine(certificate.issuer),
    from: dayOf(certificate.validFrom),
    to: dayOf(certificate.validTo),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** From `Nov 26 13:24:14 2026 GMT`. */
function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10)
}

/** Node gives one attribute a line; certificates without a subject have none at all. */
function onOneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ')
}

/** `TLS with the server: TLSv1.3, TLS_AES_128_GCM_SHA256, ALPN http/1.1, SNI example.com; …` */
export function tlsSentence({ side, version, cipher, alpn, sni, chain, unverified }: TlsFacts): string {
  const asked = [version, cipher, alpn === null ? 'no ALPN' : `ALPN ${alpn}`, sni === null ? 'no SNI' : `SNI ${sni}`]
  const shown = chain.map(({ subject, issuer, from, to }) => `${subject} (by ${issuer}, ${from} to ${to})`)
  const trust = unverified === null ? '' : `; NOT VERIFIED (${unverified}), as --insecure asks`
  return `TLS with the ${side}: ${asked.join(', ')}; certificates: ${shown.join(' < ')}${trust}`
}
