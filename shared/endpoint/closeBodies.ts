// Which close frame answers which. With codes, or nothing to carry them, any close frame of the other side is the answer. With opaque bodies only
// the same body is: another one means that the other side began to close too, and is owed an answer. hybi-03 §4.4.
import { equalBytes } from '../bytes/concat.ts'
import type { Role } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Trigger } from './types.ts'

/** What the one of hybi-05 that begins to close puts first: who it is. */
export function initiatorLetter(role: Role): number {
  return role === 'client' ? 0x43 : 0x53
}

/** The first close frame of each side that was not an answer, and whether it was answered. */
export interface CloseBodies {
  readonly sent: Uint8Array | null
  readonly sentAnswered: boolean
  readonly received: Uint8Array | null
  readonly receivedAnswered: boolean
}

export const noClose: CloseBodies = { sent: null, sentAnswered: false, received: null, receivedAnswered: false }

/** `trigger` is null for a close frame that changes nothing. */
export interface CloseStep {
  readonly trigger: Trigger | null
  readonly bodies: CloseBodies
}

export function closeSent(dialect: Dialect, bodies: CloseBodies, body: Uint8Array): CloseStep {
  if (repeats(dialect, bodies.received, bodies.receivedAnswered, body)) {
    return { trigger: 'sendCloseReply', bodies: { ...bodies, receivedAnswered: true } }
  }
  return bodies.sent ? { trigger: null, bodies } : { trigger: 'sendClose', bodies: { ...bodies, sent: body } }
}

export function closeReceived(dialect: Dialect, bodies: CloseBodies, body: Uint8Array): CloseStep {
  if (repeats(dialect, bodies.sent, bodies.sentAnswered, body)) {
    return { trigger: 'receiveCloseReply', bodies: { ...bodies, sentAnswered: true } }
  }
  return bodies.received
    ? { trigger: null, bodies }
    : { trigger: 'receiveClose', bodies: { ...bodies, received: body } }
}

function repeats({ closeBody }: Dialect, first: Uint8Array | null, answered: boolean, body: Uint8Array): boolean {
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
    case 'codeAndReason':
      return false
    case 'opaqueEchoed':
    case 'initiatorLetter': // hybi-05: that the answer repeats the body is assumed
      return first !== null && !answered && equalBytes(first, body)
    default:
      return unreachable(closeBody)
  }
}
