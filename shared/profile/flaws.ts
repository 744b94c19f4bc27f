// Clients that are careless in one way each, on purpose: what a client of ours never does, to see what comes of it. The
// rules that they break are in faults/.
import type { Dialect } from '../dialects/dialect.ts'

/** What shows in a run of one connection. */
export const labFlawIds = ['same-mask', 'no-wait'] as const
export const flawIds = [...labFlawIds, 'same-nonce'] as const
export type FlawId = (typeof flawIds)[number]

export const flaws: Readonly<Record<FlawId, string>> = {
  'same-mask': 'masks every frame with the same key',
  'no-wait': 'sends a message right behind its request, without waiting for the answer',
  'same-nonce': 'asks with the same nonce on every connection',
}

/** Why no client of the dialect can have the flaw; null when one can. */
export function flawObjection(flaw: FlawId | undefined, dialect: Dialect): string | null {
  const { name, handshake } = dialect
  if (flaw === 'same-mask' && (dialect.framing !== 'lengthPrefixed' || dialect.masking === 'none'))
    return `Clients of ${name} mask nothing, so none can use a key again.`
  if (flaw === 'no-wait' && handshake.challenge === 'acceptHashAndNonce')
    return `The answer has a part in the masks of ${name}: before it, a client has nothing to send a frame with.`
  if (flaw === 'same-nonce' && handshake.challenge === 'none')
    return `There is no nonce in ${name}, so none can be used again.`
  return null
}

/** What every frame of `same-mask` is masked with. */
export const sameMask: Uint8Array = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

/** What `same-nonce` draws its nonces from. */
export const sameSeed = 2010

/** What `no-wait` says. */
export const earlyText = 'too early'
