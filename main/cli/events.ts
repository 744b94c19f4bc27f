// What endpoints report, as JSON lines and as lines for people.
import { shorten, visible } from '../../shared/bytes/ascii.ts'
import { toBase64 } from '../../shared/bytes/base64.ts'
import { toHex } from '../../shared/bytes/hex.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import type { Detection } from '../../shared/endpoint/detect.ts'
import type { EndpointEvent, Message } from '../../shared/endpoint/types.ts'
import { faultInfo, faultSentence } from '../../shared/faults/catalogue.ts'

/** `{"event":"message","type":"text","data":"hello"}`; bytes are base64. */
export function eventJson(event: EndpointEvent): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'open':
      return { event: 'open', resource: event.resource, subprotocol: event.subprotocol, extensions: event.extensions }
    case 'message':
      return { event: 'message', type: event.type, data: contentOf(event) }
    case 'ping':
    case 'pong':
      return { event: event.kind, data: toBase64(event.bytes) }
    case 'refused':
      return { event: 'refused', says: event.says }
    case 'close':
      return { event: 'close', clean: event.clean, code: event.code, reason: event.reason }
    case 'fault': {
      const { code, lane, span, found } = event.fault
      const { severity, says } = faultInfo(code)
      return { event: 'fault', code, severity, lane, start: span.start, end: span.end, says, found }
    }
    default:
      return unreachable(event)
  }
}

/**
 * `{"event":"dialect","dialect":"rfc6455","evidence":["…"]}`; a request that no dialect explains has a status instead, and a
 * socket policy exchange says that it is one.
 */
export function detectionJson({ dialect, evidence, refusal, policy }: Detection): Readonly<Record<string, unknown>> {
  const instead = policy ? { policy } : { status: refusal }
  const told = refusal === null ? { dialect: dialect.id } : { dialect: null, ...instead }
  return { event: 'dialect', ...told, evidence }
}

/** A text as it reads, bytes as base64. */
function contentOf({ type, bytes }: Message): string {
  return type === 'text' ? decodeUtf8(bytes) : toBase64(bytes)
}

/** Characters of a text, and bytes of a payload, that a line for people has at most. */
const longestLine = 1000
const mostBytes = 200

/** One line that is safe for a terminal, and not longer than somebody reads: with `--json` the whole message is there. */
export function eventText(event: EndpointEvent): string {
  return visible(lineOf(event))
}

function lineOf(event: EndpointEvent): string {
  switch (event.kind) {
    case 'open':
      return ['open', event.resource, event.subprotocol, event.extensions].filter(Boolean).join('  ')
    case 'message':
      return `${event.type}  ${event.type === 'text' ? textLine(decodeUtf8(event.bytes)) : bytesLine(event.bytes)}`
    case 'ping':
    case 'pong':
      return `${event.kind}  ${bytesLine(event.bytes)}`
    case 'refused':
      return `refused  ${event.says}`
    case 'close':
      return `closed ${event.clean ? 'cleanly' : 'without a closing handshake'}  ${event.code ?? ''}  ${event.reason ?? ''}`.trimEnd()
    case 'fault':
      return `${faultInfo(event.fault.code).severity}  ${event.fault.code}  ${faultSentence(event.fault.code, event.fault.found)}`
    default:
      return unreachable(event)
  }
}

function textLine(text: string): string {
  const rest = text.length > longestLine ? `  (${text.length} characters, --json has all)` : ''
  return shorten(text, longestLine) + rest
}

function bytesLine(bytes: Uint8Array): string {
  if (bytes.length <= mostBytes) return toHex(bytes, ' ')
  return `${toHex(bytes.subarray(0, mostBytes), ' ')}…  (${bytes.length} bytes, --json has all)`
}
