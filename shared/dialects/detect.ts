// Which dialect a connection speaks, when nothing but its bytes can say so.
//
// Only the request's fields decide, never later bytes. In Upgrade+Hello the nonce is the marker rather than the draft
// number: 3 means this draft in its own text and hybi-03 in several libraries.
import type { Dialect } from './dialect.ts'
import { dialects } from './registry.ts'

/** What is needed of a request's field. */
export interface RequestField {
  readonly name: { readonly text: string }
  readonly value: { readonly text: string }
}

export interface Detection {
  readonly dialect: Dialect
  /** The field that decided, as it was: `Sec-WebSocket-Version: 13`. */
  readonly evidence: string
}

/** Takes a parsed request head. Null when it asks for no dialect that is here. */
export function detectDialect(head: { readonly fields: readonly RequestField[] }): Detection | null {
  const version = find(head.fields, 'sec-websocket-version')
  if (version)
    return detection(
      dialects.find((dialect) => namesVersion(dialect, version)),
      version,
    )
  // hybi-04 has a field of this name too, but in its response only, and its request has a version.
  const nonce = find(head.fields, 'sec-websocket-nonce')
  return nonce
    ? detection(
        dialects.find((dialect) => dialect.handshake.challenge === 'hello'),
        nonce,
      )
    : null
}

function find(fields: readonly RequestField[], name: string): RequestField | undefined {
  return fields.find((field) => field.name.text.toLowerCase() === name)
}

function namesVersion({ handshake }: Dialect, { name, value }: RequestField): boolean {
  return handshake.version.field.toLowerCase() === name.text.toLowerCase() && handshake.version.value === value.text
}

function detection(dialect: Dialect | undefined, { name, value }: RequestField): Detection | null {
  return dialect ? { dialect, evidence: `${name.text}: ${value.text}` } : null
}
