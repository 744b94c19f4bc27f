// Event handler attributes: `socket.onmessage = …`. HTML standard, "Event handlers".
import type { TargetLike } from './webSocketDraft.ts'

interface Handler {
  value: object
  readonly listener: (event: object) => void
}

/** Gives `prototype` an attribute `on…` for each type. */
export function addHandlerAttributes(prototype: TargetLike, types: readonly string[]): void {
  const handlers = new WeakMap<TargetLike, Map<string, Handler>>()
  for (const type of types) {
    Object.defineProperty(prototype, `on${type}`, {
      get(this: TargetLike): object | null {
        return handlers.get(this)?.get(type)?.value ?? null
      },
      set(this: TargetLike, value: unknown): void {
        const own = handlers.get(this) ?? new Map<string, Handler>()
        handlers.set(this, own)
        setHandler(this, own, type, value)
      },
      enumerable: true,
      configurable: true,
    })
  }
}

/** A new value keeps the place of the old one among the listeners; what is no object takes the handler away. */
function setHandler(target: TargetLike, own: Map<string, Handler>, type: string, value: unknown): void {
  const known = own.get(type)
  if (!isObject(value)) {
    own.delete(type)
    if (known) target.removeEventListener(type, known.listener)
  } else if (known) {
    known.value = value
  } else {
    const handler: Handler = { value, listener: (event) => call(target, handler.value, event) }
    own.set(type, handler)
    target.addEventListener(type, handler.listener)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

/** An object that cannot be called is kept, and does nothing. */
function call(target: TargetLike, handler: object, event: object): void {
  if (typeof handler === 'function') handler.call(target, event)
}
