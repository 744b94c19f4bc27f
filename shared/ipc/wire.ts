// How the contract crosses a WebSocket: JSON text, bytes as base64. Both ends of the browser host use this one codec.
import { parseBase64, toBase64 } from '../bytes/base64.ts'
import type { Method, Push } from './contract.ts'
import { failure, type Result, success } from './result.ts'

/** What the window sends: a request, with a number its answer will carry. */
export interface WireRequest {
  readonly id: number
  readonly method: Method
  readonly payload: unknown
}

/** What the host sends: the answer to a request, or something new. */
export type WireReply = { readonly id: number; readonly result: Result<unknown> } | { readonly push: Push }

const bytesKey = '$bytes'
// JSON has no infinity, and `max` speed is one.
const numberKey = '$number'

function pack(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { [bytesKey]: toBase64(value) }
  return typeof value === 'number' && !Number.isFinite(value) ? { [numberKey]: String(value) } : value
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  if (keys.length !== 1) return value
  const inner = (value as Record<string, unknown>)[keys[0] ?? '']
  if (keys[0] === bytesKey && typeof inner === 'string') return bytesFrom(inner)
  return keys[0] === numberKey ? Number(inner) : value
}

function bytesFrom(text: string): Uint8Array {
  const parsed = parseBase64(text)
  if ('badAt' in parsed) throw new Error(`bytes are not base64 at character ${parsed.badAt}`)
  return parsed.bytes
}

/** A message as text, ready to be sent. */
export function encodeWire(message: WireRequest | WireReply): string {
  return JSON.stringify(message, pack)
}

/** A message as sent by `encodeWire`; its shape is not judged here. A failure says in one sentence what was wrong. */
export function decodeWire(text: string): Result<unknown> {
  try {
    return success(JSON.parse(text, unpack))
  } catch (error) {
    return failure(`The message is not readable: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
