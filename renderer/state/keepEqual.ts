// What did not change stays the same object, so that what shows it is not drawn again.
import { equalBytes } from '../../shared/bytes/concat.ts'

type Parts = Readonly<Record<string, unknown>>

/** `after`, but with `before` in the place of every part of it that equals it. For plain objects, lists and bytes. */
export function keepEqual<T>(before: unknown, after: T): T {
  if (before === after || !isObject(before) || !isObject(after)) return after
  if (before instanceof Uint8Array || after instanceof Uint8Array) return keepBytes(before, after) as T
  if (Array.isArray(before) !== Array.isArray(after)) return after
  const parts = Array.isArray(after)
    ? after.map((part, index) => keepEqual((before as unknown as readonly unknown[])[index], part))
    : Object.fromEntries(Object.entries(after).map(([name, part]) => [name, keepEqual(before[name], part)]))
  return (holdsSame(before, parts as Parts) ? before : parts) as T
}

function isObject(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null
}

function keepBytes(before: unknown, after: unknown): unknown {
  const isSame = before instanceof Uint8Array && after instanceof Uint8Array && equalBytes(before, after)
  return isSame ? before : after
}

function holdsSame(before: Parts, parts: Parts): boolean {
  const names = Object.keys(parts)
  return (
    names.length === Object.keys(before).length &&
    names.every((name) => Object.hasOwn(before, name) && before[name] === parts[name])
  )
}
