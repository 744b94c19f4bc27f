// X.509 certificates: an authority of one's own, and the certificates it gives to servers.
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import type { JsonGeneralName, X509Certificate } from '@peculiar/x509'

/** A certificate and its private key, both as PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

/** Supported by everything that speaks TLS 1.2, and made in a millisecond. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

const day = 86_400_000
/** Clocks of other machines and containers may be behind ours. */
const clockSkew = day
const authorityDays = 3650
/** CA/Browser Forum, Baseline Requirements 6.3.2: no server's certificate is valid for longer than 398 days. */
const leafDays = 390

/** Loaded when first used: it takes longer than all else that a command line tool does at its start. */
async function library() {
  await import('reflect-metadata') // the library stops without it
  return import('@peculiar/x509')
}

/** A new authority that signs itself, valid for ten years from `now`, milliseconds since the Unix epoch. */
export async function makeAuthority(now: number): Promise<Certified> {
  const x509 = await library()
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const name = `CN=Wirestep authority of this user ${randomBytes(3).toString('hex')}, O=Wirestep`
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, authorityDays),
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pemOf(certificate, keys.privateKey)
}

/** A certificate for the server called `host`, a DNS name or an IP address, signed by the authority. */
export async function makeLeaf(authority: Certified, host: string, now: number): Promise<Certified> {
  const x509 = await library()
  const issuer = new x509.X509Certificate(authority.certificate)
  const signingKey = await importKey(authority.key)
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(now, leafDays),
    // RFC 5280 §4.1.2.4 and A.1: a common name has at most 64 characters; what counts is the alternative name.
    subject: [{ CN: [host.slice(0, 64)] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([alternativeName(host)]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pemOf(certificate, keys.privateKey)
}

function alternativeName(host: string): JsonGeneralName {
  return isIP(host) ? { type: 'ip', value: host } : { type: 'dns', value: host }
}

function validity(now: number, days: number) {
  return { notBefore: new Date(now - clockSkew), notAfter: new Date(now + days * day) }
}

async function pemOf(certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<Certified> {
  const { PemConverter } = await library()
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key)
  return { certificate: `${certificate.toString('pem')}\n`, key: `${PemConverter.encode(bytes, 'PRIVATE KEY')}\n` }
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const { PemConverter } = await library()
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign'])
}
