// The authority of this user: made when it is first needed, kept in the data folder, asked for the certificates of the
// servers that a tap stands in for.
import { X509Certificate } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { codeOf, fileError } from '../../store/fileErrors.ts'
import { type Certified, makeAuthority, makeLeaf } from './certificates.ts'

/** What servers show to clients. */
export interface Identities {
  /** What a server called `host`, a DNS name or an IP address, shows. */
  identityOf(host: string): Promise<Identity>
}

/** It makes what a server shows when it is first asked for. */
export interface Authority extends Identities {
  /** Its own certificate, as PEM: what clients are told to trust. */
  readonly certificate: string
}

export interface Identity {
  readonly context: SecureContext
  /** The server's own certificate first. */
  readonly chain: readonly X509Certificate[]
}

/** Names that certificates are kept for; a client that asks for more and more of them gets new ones each time. */
const keptNames = 1000

/** Where the authority of a user is kept: its certificate and its key, in one file so that both are always a pair. */
export function authorityFile(dataFolder: string): string {
  return join(dataFolder, 'authority.pem')
}

/** The authority of the user whose data folder this is; made when there is none. Fails with a sentence. */
export async function openAuthority(dataFolder: string, now: () => number = Date.now): Promise<Result<Authority>> {
  const path = authorityFile(dataFolder)
  try {
    const certified = readAuthority(path) ?? (await createAuthority(path, now()))
    if (Date.parse(new X509Certificate(certified.certificate).validTo) < now()) {
      return failure(
        `The authority in ${path} has expired: remove it with "wirestep ca remove", and a new one is made.`,
      )
    }
    return success(authorityOf(certified, now))
  } catch (error) {
    return failure(error instanceof NotAnAuthority ? error.message : fileError('keep an authority in', path, error))
  }
}

class NotAnAuthority extends Error {}

/** Null when there is none yet. Throws what the file system says, or that the file is something else. */
export function readAuthority(path: string): Certified | null {
  const text = readIfThere(path)
  if (text === null) return null
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text) ?? []
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text) ?? []
  if (certificate && key) return { certificate, key }
  throw new NotAnAuthority(`${path} is not what Wirestep made there: remove it with "wirestep ca remove".`)
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Two programs that do this at once end with the same one: whose file is there first. */
async function createAuthority(path: string, now: number): Promise<Certified> {
  const made = await makeAuthority(now)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, made.certificate + made.key, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return made
  } catch (error) {
    const first = readAuthority(path)
    if (first) return first
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function authorityOf(certified: Certified, now: () => number): Authority {
  const identities = new Map<string, Promise<Identity>>()
  return {
    certificate: certified.certificate,
    identityOf: (host) => {
      const known = identities.get(host)
      if (known) return known
      if (identities.size >= keptNames) identities.clear()
      const made = makeLeaf(certified, host, now()).then((leaf) => identityOf(leaf, certified))
      identities.set(host, made)
      return made
    },
  }
}

function identityOf({ certificate, key }: Certified, authority: Certified): Identity {
  return {
    context: createSecureContext({ cert: certificate + authority.certificate, key }),
    chain: [new X509Certificate(certificate), new X509Certificate(authority.certificate)],
  }
}
