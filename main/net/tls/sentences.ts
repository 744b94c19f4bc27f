// What goes wrong with TLS, as one plain sentence: what is wrong, where, what to do.
import { formatAddress } from '../../../shared/capture/addresses.ts'
import type { Address } from '../../../shared/capture/record.ts'
import { codeOf } from '../../store/fileErrors.ts'

/** Checks of a certificate by the name OpenSSL gives their failure, and what each means for the person. */
const untrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this machine',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed its certificate itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not show who signed its certificate',
  CERT_REVOKED: 'its certificate was revoked',
}

/** Why there is no TLS with a server called `name`. */
export function dialTlsProblem(error: Error, name: string, at: Address): string {
  const where = formatAddress(at)
  const code = codeOf(error) ?? ''
  const reason = untrusted[code]
  if (reason)
    return `${where} is not to be trusted: ${reason}. Give its authority with --ca FILE, or go on with --insecure.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${where} is not to be trusted: its certificate is not for ${name}. Ask for it by a name it has, or go on with --insecure.`
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return `${where} does not speak TLS: ask for it with ws://.`
  return `TLS with ${where} failed: ${reasonOf(error)}; check that it speaks TLS 1.2 or 1.3.`
}

/** Why there is no TLS with a client. */
export function acceptProblem(error: Error): string {
  if (isAlert(error) && /UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(codeOf(error) ?? ''))
    return 'The client does not trust the certificate it was shown: tell it to trust the one that "wirestep ca export FILE" writes.'
  return `The client and Wirestep did not agree on TLS: ${reasonOf(error)}.`
}

/** The other end ended the connection by a TLS alert, RFC 8446 §6. */
export function isAlert(error: Error): boolean {
  return /^ERR_SSL_.*_ALERT_/.test(codeOf(error) ?? '')
}

/** OpenSSL's messages carry the place in its source: `error:0A00010B:SSL routines::wrong version number`. */
function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
}
