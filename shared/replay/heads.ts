// A recorded head sent again: every line as it was, but for what has to be fresh on every connection.
import { encodeLatin1, lowerAscii } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { serverNonceField } from '../handshake/accept.ts'
import { fieldNamed, type Head, type HeadField, type HeadKind, parseHead } from '../handshake/head.ts'

/** Keys, nonces and their proofs, and where the connection goes. */
const freshInAny = [
  'Host',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Key1',
  'Sec-WebSocket-Key2',
  'Sec-WebSocket-Nonce',
  'Sec-WebSocket-Accept',
  serverNonceField,
]

/**
 * The recorded head with the fresh fields of `made` in place of its own. A fresh field it has not is not added, one that
 * `made` has not is left out. `target`: what a request asks for, where it is not to be what was recorded.
 */
export function repeatHead(
  recorded: Uint8Array,
  made: Uint8Array,
  kind: HeadKind,
  dialect: Dialect,
  target: string | null = null,
): Uint8Array {
  const [old, fresh] = [parseHead(recorded, kind), parseHead(made, kind)]
  const names = freshNames(kind, dialect)
  const lines = old.fields.map((field) => {
    if (!names.has(lowerAscii(field.name.text))) return bytesOf(recorded, field)
    const own = fieldNamed(fresh, field.name.text)
    return own ? bytesOf(made, own) : new Uint8Array(0)
  })
  return concat(firstLine(recorded, old, target), ...lines, recorded.subarray(old.blank.start))
}

/** A response also repeats the request's origin and URL, and takes from what this request offers. */
function freshNames(kind: HeadKind, { handshake }: Dialect): ReadonlySet<string> {
  const { originField, locationField, subprotocolField, extensionsField } = handshake
  const answered = [originField.response, locationField, subprotocolField, extensionsField]
  const names = kind === 'request' ? freshInAny : [...freshInAny, ...answered]
  return new Set(names.flatMap((name) => (name === null ? [] : lowerAscii(name))))
}

function firstLine(recorded: Uint8Array, { startLine }: Head, target: string | null): Uint8Array {
  if (target === null) return recorded.subarray(startLine.start, startLine.end)
  const { second } = startLine
  return concat(
    recorded.subarray(startLine.start, second.start),
    encodeLatin1(target),
    recorded.subarray(second.end, startLine.end),
  )
}

function bytesOf(head: Uint8Array, { start, end }: HeadField): Uint8Array {
  return head.subarray(start, end)
}
