// Connections of which only what came behind the handshake is there: what is known of it all the same, and how their lanes
// are read. Their ends are open from the first byte on.
import { isLatin1 } from '../bytes/ascii.ts'
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Compression } from '../extensions/compression.ts'
import { parseExtensions } from '../extensions/grammar.ts'
import { agreedPerFrame, isPerFrameDeflate } from '../extensions/perFrameDeflate.ts'
import { agreedBy, perMessageDeflate } from '../extensions/perMessageDeflate.ts'
import { connectionKey, hashesMasks } from '../framing/frameMask.ts'
import { type Agreed, foreignOf } from './agreed.ts'
import { joinedLaneScanner, type LaneScanner } from './laneScanner.ts'
import { agree, laneOf, type Receiver } from './receiverState.ts'

/** What is left out is not known. */
export interface UnseenHandshake {
  /** `Sec-WebSocket-Key` of the request. hybi-04. */
  readonly key?: string
  /** `Sec-WebSocket-Nonce` of the response. hybi-04. */
  readonly nonce?: string
  /** `Sec-WebSocket-Extensions` of the response; empty: none was agreed on. */
  readonly extensions?: string
  /** Bytes at the beginning of a lane that end a frame whose header is not there. */
  readonly cut?: { readonly [L in Lane]?: number }
}

/** What the two ends agreed on in it, as far as it is known. */
export function agreedUnseen(dialect: Dialect, { key, nonce, extensions }: UnseenHandshake): Agreed {
  return {
    compression: compressionOf(dialect, extensions),
    extensions: extensions ?? '',
    connectionKey: hashesMasks(dialect) ? keyOf(key, nonce) : null,
    ...foreignOf(parseExtensions(extensions ?? '') ?? [], dialect),
    ...(dialect.compression === 'deflate' && extensions === undefined ? { extensionsUnknown: true } : {}),
  }
}

/** Heads are Latin-1: of anything else no key was made. */
function keyOf(key: string | undefined, nonce: string | undefined): Uint8Array | null {
  if (key === undefined || nonce === undefined || !isLatin1(key + nonce)) return null
  return connectionKey(key, nonce)
}

function compressionOf({ compression }: Dialect, extensions = ''): Compression | null {
  switch (compression) {
    case 'none':
      return null
    case 'deflate': {
      for (const answer of parseExtensions(extensions) ?? []) {
        if (answer.name === perMessageDeflate) return agreedBy(answer)
        if (isPerFrameDeflate(answer.name)) return agreedPerFrame(answer.name, answer, answer)
      }
      return null
    }
    default:
      return unreachable(compression)
  }
}

/** Why frames of the lane cannot be read without more of the handshake; null when they can. */
export function objectionToUnseen(dialect: Dialect, lane: Lane, { key, nonce }: UnseenHandshake): string | null {
  if (!hashesMasks(dialect) || lane !== 'clientToServer' || keyOf(key, nonce)) return null
  return `${dialect.name} frames of a client cannot be read by themselves: their mask takes the Sec-WebSocket-Key of the request and the Sec-WebSocket-Nonce of the response.`
}

/** A scanner for such a lane, before its first byte. */
export function unseenLaneScanner(dialect: Dialect, lane: Lane, unseen: UnseenHandshake): LaneScanner {
  return joinedLaneScanner(dialect, lane, unseen.cut?.[lane] ?? 0, agreedUnseen(dialect, unseen).connectionKey)
}

/** Lets a receiver that has not been fed begin behind the handshake. */
export function beginUnseen(receiver: Receiver, unseen: UnseenHandshake): void {
  const cut = unseen.cut?.[laneOf(receiver)] ?? 0
  agree(receiver, agreedUnseen(receiver.dialect, unseen))
  receiver.stage = cut > 0 ? 'skipped' : 'header'
  receiver.remaining = cut
  receiver.mayContinue = true
}
