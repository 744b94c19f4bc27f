// What the two heads agreed on that the frames behind them depend on.
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'
import type { Compression } from '../extensions/compression.ts'
import type { Extension } from '../extensions/grammar.ts'
import { parseExtensions } from '../extensions/grammar.ts'
import { agreedPerFrame, isPerFrameDeflate } from '../extensions/perFrameDeflate.ts'
import { agreedBy, perMessageDeflate } from '../extensions/perMessageDeflate.ts'
import { connectionKey, hashesMasks } from '../framing/frameMask.ts'
import { isControl } from '../framing/opcodes.ts'
import { serverNonceField } from '../handshake/accept.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField } from '../handshake/head.ts'
import type { RequestFacts } from './requestFacts.ts'

export interface Agreed {
  /** Null: RSV1 has no meaning. */
  readonly compression: Compression | null
  /** The extensions as the response lists them; empty where it lists none. RFC 6455 §4.1: the extensions in use. */
  readonly extensions: string
  /** What a client's masks are made with; null where both heads have no part in them, or one has not its part. */
  readonly connectionKey: Uint8Array | null
  /** The heads were not seen, so that RSV1 may mean that a message is deflated. */
  readonly extensionsUnknown?: true
  /** The first extension agreed on that nobody here knows: what it makes of frames cannot be judged, only passed over. */
  readonly foreign?: string
}

/** RSV1 among the three reserved bits, RSV1 highest. */
export const compressedBit = 0b100

export const nothingAgreed: Agreed = { compression: null, extensions: '', connectionKey: null }

/** What a response agrees to of what the request offered. Total: what was not offered, or cannot be read, counts as not agreed. */
export function agreedIn(response: Head, request: RequestFacts, dialect: Dialect): Agreed {
  return {
    compression: compressionIn(response, request, dialect),
    extensions: extensionFields(response, dialect)
      .map(({ value }) => value.text)
      .join(', '),
    connectionKey: keyIn(response, request, dialect),
    ...foreignOf(
      extensionsIn(response, dialect).filter(({ name }) => request.extensions.some((offer) => offer.name === name)),
      dialect,
    ),
  }
}

/** What of `Agreed` tells of an extension that is not known, among those agreed on. */
export function foreignOf(extensions: readonly Extension[], { compression }: Dialect): Pick<Agreed, 'foreign'> {
  const isKnown = (name: string) => compression === 'deflate' && (name === perMessageDeflate || isPerFrameDeflate(name))
  const foreign = extensions.find(({ name }) => !isKnown(name))
  return foreign ? { foreign: foreign.name } : {}
}

function compressionIn(response: Head, request: RequestFacts, dialect: Dialect): Compression | null {
  switch (dialect.compression) {
    case 'none':
      return null
    case 'deflate':
      return firstCompression(extensionsIn(response, dialect), request.extensions)
  }
}

/** hybi-04 §4.2. */
function keyIn(response: Head, { key }: RequestFacts, dialect: Dialect): Uint8Array | null {
  if (!hashesMasks(dialect)) return null
  const nonce = fieldNamed(response, serverNonceField)?.value.text
  return key === null || nonce === undefined ? null : connectionKey(key, nonce)
}

function firstCompression(answers: readonly Extension[], offers: readonly Extension[]): Compression | null {
  for (const answer of answers) {
    const { name } = answer
    const offer = offers.find((each) => each.name === name)
    if (!offer) continue
    if (name === perMessageDeflate) return agreedBy(answer)
    if (isPerFrameDeflate(name)) return agreedPerFrame(name, offer, answer)
  }
  return null
}

/** The reserved bits that an extension gives a meaning in such a frame, or may give. RFC 7692 §6: in the first frame of a message only. */
export function bitsWithMeaning({ compression, extensionsUnknown }: Agreed, name: OpcodeName): number {
  if (isControl(name)) return 0
  if (!compression) return extensionsUnknown && name !== 'continuation' ? compressedBit : 0
  switch (compression.unit) {
    case 'message':
      return name === 'continuation' ? 0 : compressedBit
    case 'frame':
      return compressedBit
    default:
      return unreachable(compression.unit)
  }
}

/** All extensions that a head lists; none of a field that does not follow the grammar. */
export function extensionsIn(head: Head, dialect: Dialect): readonly Extension[] {
  return extensionFields(head, dialect).flatMap((field) => parseExtensions(field.value.text) ?? [])
}

/** The fields that list extensions: none in a dialect without them, whatever the head holds. */
export function extensionFields(head: Head, { handshake: { extensionsField } }: Dialect): readonly HeadField[] {
  return extensionsField === null ? [] : fieldsNamed(head, extensionsField)
}
