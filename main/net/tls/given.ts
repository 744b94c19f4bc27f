// A server's certificate and key that the person has already, out of two files.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { codeOf, fileError } from '../../store/fileErrors.ts'
import type { Identities } from './authority.ts'

/** Both as PEM. The server's own certificate comes first, and those that lead to its authority behind it. */
export interface GivenFiles {
  readonly cert: string
  readonly key: string
}

/** Shows what is in the files, whatever name a client asks for. Fails with a sentence. */
export function readGiven(files: GivenFiles): Result<Identities> {
  const cert = read(files.cert)
  if (!cert.ok) return cert
  const key = read(files.key)
  if (!key.ok) return key
  const chain = chainIn(cert.value)
  if (chain === null) return failure(`${files.cert} holds no certificate as PEM: it begins with ${begins}.`)
  if (!isKey(key.value))
    return failure(`${files.key} holds no private key as PEM that can be read without a passphrase.`)
  try {
    const identity = { context: createSecureContext({ cert: cert.value, key: key.value }), chain }
    return success({ identityOf: async () => identity })
  } catch (error) {
    if (codeOf(error) === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') {
      return failure(`The key in ${files.key} is not the one of the certificate in ${files.cert}.`)
    }
    return failure(`${files.cert} cannot be used: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

const begins = '-----BEGIN CERTIFICATE-----'

function read(path: string): Result<string> {
  try {
    return success(readFileSync(path, 'utf8'))
  } catch (error) {
    return failure(fileError('read', path, error))
  }
}

/** Null when there is none, or one of them cannot be read. */
export function chainIn(pem: string): readonly X509Certificate[] | null {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return parts.length === 0 ? null : parts.map((part) => new X509Certificate(part))
  } catch {
    return null
  }
}

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private'
  } catch {
    return false
  }
}
