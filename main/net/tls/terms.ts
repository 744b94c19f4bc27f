// From what a person says about TLS to the terms it is spoken on, with servers and with clients.
import { appendFileSync, readFileSync } from 'node:fs'
import type { Address } from '../../../shared/capture/record.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { fileError } from '../../store/fileErrors.ts'
import { type Authority, openAuthority } from './authority.ts'
import { chainIn, type GivenFiles, readGiven } from './given.ts'
import type { RelayTls } from './interpose.ts'
import type { AcceptTerms, DialTerms, KeyLog } from './secure.ts'

export interface TlsWishes {
  /** Whatever certificate a server shows is taken. */
  readonly insecure?: boolean | undefined
  /** File with more authorities to trust, as PEM. */
  readonly ca?: string | undefined
  /** What clients are shown, in place of what the authority of the user makes. */
  readonly given?: GivenFiles | undefined
  /** File that the secrets of both sides are appended to. */
  readonly keylog?: string | undefined
}

export interface TlsTerms {
  readonly accept: AcceptTerms
  readonly dial: DialTerms
}

/** What a person who switched the checks off is told. */
export const insecureSentence =
  '--insecure: whatever certificate a server shows is taken, so others may read and change what passes.'

/** What clients are to be shown, of `--tls`, `--cert` and `--key`; null where they are plain. Fails with a sentence. */
export function acceptWishes({ tls, cert, key }: AcceptWords): Result<Pick<TlsWishes, 'given'> | null> {
  if ((cert === undefined) !== (key === undefined)) return failure('--cert and --key go together.')
  if (!tls && cert !== undefined) return failure('--cert and --key are for --tls.')
  if (!tls) return success(null)
  return success(cert !== undefined && key !== undefined ? { given: { cert, key } } : {})
}

export interface AcceptWords {
  readonly tls: boolean
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** Fails with a sentence when a file is not what it should be. The authority is only made when a client needs it. */
export function tlsTerms(
  { insecure = false, ca, given, keylog }: TlsWishes,
  { dataFolder, onProblem }: { readonly dataFolder: string; onProblem(sentence: string): void },
): Result<TlsTerms> {
  const trusted = ca === undefined ? success({}) : readCertificates(ca)
  if (!trusted.ok) return trusted
  const shown = given && readGiven(given)
  if (shown?.ok === false) return shown
  const keyLog = keylog === undefined ? success({}) : openKeyLog(keylog)
  if (!keyLog.ok) return keyLog
  return success({
    accept: { identities: shown ? async () => shown : onceOpened(dataFolder), onProblem, ...keyLog.value },
    dial: { insecure, ...trusted.value, ...keyLog.value },
  })
}

/** Opened when a client first needs it and then kept, so that a name is certified once; after a failure asked anew. */
function onceOpened(dataFolder: string): AcceptTerms['identities'] {
  let opened: Promise<Result<Authority>> | null = null
  return () => {
    opened ??= openAuthority(dataFolder).then((result) => {
      if (!result.ok) opened = null
      return result
    })
    return opened
  }
}

/**
 * Before a server that speaks TLS a relay's port takes TLS and plain alike; behind a proxy is what its client speaks. A
 * plain server may speak first, so nothing is waited for there: null.
 */
export function relayTls(
  upstream: (Address & { readonly secure: boolean }) | 'asked',
  { accept, dial }: TlsTerms,
): RelayTls | null {
  if (upstream === 'asked') return { accept, dial: { ...dial, when: 'asClient' } }
  return upstream.secure ? { accept, dial: { ...dial, when: 'always' } } : null
}

function readCertificates(path: string): Result<{ readonly ca: string }> {
  let ca: string
  try {
    ca = readFileSync(path, 'utf8')
  } catch (error) {
    return failure(fileError('read', path, error))
  }
  if (chainIn(ca) !== null) return success({ ca })
  return failure(`${path} holds no certificate as PEM: it begins with -----BEGIN CERTIFICATE-----.`)
}

/** Appends, as other programs that write key logs do; what cannot be written is found out before the first connection. */
function openKeyLog(path: string): Result<{ readonly keyLog: KeyLog }> {
  try {
    // Whoever has this file can read what was encrypted.
    appendFileSync(path, '', { mode: 0o600 })
    return success({ keyLog: (line) => appendFileSync(path, line) })
  } catch (error) {
    return failure(fileError('write', path, error))
  }
}
