// TLS in the terminal: the terms that serve, connect and tap speak it on, and what is told of it.
import { dataFolder } from '../host/dataFolder.ts'
import type { TlsFacts } from '../net/tls/facts.ts'
import type { AcceptTerms } from '../net/tls/secure.ts'
import {
  type AcceptWords,
  acceptWishes,
  insecureSentence,
  type TlsTerms,
  type TlsWishes,
  tlsTerms,
} from '../net/tls/terms.ts'
import { CliError, type Terminal } from './terminal.ts'

/** The terms of this person; switching checks off is told on standard error. */
export function termsOf(wishes: TlsWishes, { env, stderr }: Terminal): TlsTerms {
  const onProblem = (sentence: string) => stderr.write(`${sentence}\n`)
  if (wishes.insecure) onProblem(insecureSentence)
  const terms = tlsTerms(wishes, { dataFolder: dataFolder(env), onProblem })
  if (!terms.ok) throw new CliError(terms.error)
  return terms.value
}

/** Those of `--tls`, `--cert` and `--key`; null where clients are plain. */
export function acceptTerms(words: AcceptWords & Pick<TlsWishes, 'keylog'>, terminal: Terminal): AcceptTerms | null {
  const wishes = acceptWishes(words)
  if (!wishes.ok) throw new CliError(wishes.error)
  return wishes.value && termsOf({ ...wishes.value, keylog: words.keylog }, terminal).accept
}

/** `TLS with the server  TLSv1.3 TLS_AES_128_GCM_SHA256, ALPN http/1.1` and a line for each certificate. */
export function tlsText({ side, version, cipher, alpn, sni, chain, unverified }: TlsFacts): string {
  const names = [alpn && `ALPN ${alpn}`, sni && `SNI ${sni}`].filter(Boolean)
  const trust = unverified === null ? [] : [`  NOT VERIFIED: ${unverified}, and --insecure was given`]
  const shown = chain.map(
    ({ subject, issuer, from, to, sha256 }) => `  ${subject}  by ${issuer}  ${from} to ${to}  SHA-256 ${sha256}`,
  )
  return [`TLS with the ${side}  ${[`${version} ${cipher}`, ...names].join(', ')}`, ...shown, ...trust].join('\n')
}

/** `{"event":"tls","side":"server","version":"TLSv1.3",…}` */
export function tlsJson(facts: TlsFacts): { readonly event: 'tls' } & TlsFacts {
  return { event: 'tls', ...facts }
}
