// A service by name: one of ours, or the default export of a module of the user's.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { createChat } from './chat.ts'
import { echo } from './echo.ts'
import { createQuotes } from './quotes.ts'
import { type Callbacks, defineService, type Service } from './service.ts'

type AnyService = Service<unknown>

const ours: Readonly<Record<string, () => AnyService>> = {
  echo: () => echo as AnyService,
  chat: () => createChat() as unknown as AnyService,
  quotes: () => createQuotes() as unknown as AnyService,
}

const parts: readonly string[] = [
  'state',
  'start',
  'open',
  'message',
  'close',
  'error',
  'stop',
] satisfies readonly (keyof AnyService)[]

/** Runs the module's code. Fails with a sentence when there is no such service, or when it is none. */
export async function loadService(name: string): Promise<Result<AnyService>> {
  if (Object.hasOwn(ours, name)) return success(ours[name]!())
  if (!/\.m?js$/.test(name)) {
    return failure(`There is no service "${name}": name ${Object.keys(ours).join(', ')}, or a .mjs or .js file.`)
  }
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(resolve(name)).href)) as { default?: unknown }
    return serviceIn(module.default, name)
  } catch (error) {
    return failure(`The service in ${name} cannot be loaded: ${error instanceof Error ? error.message : error}`)
  }
}

function serviceIn(value: unknown, file: string): Result<AnyService> {
  if (typeof value !== 'object' || value === null) {
    return failure(`${file} exports no service: write "export default { message(session, data) { … } }".`)
  }
  for (const [key, part] of Object.entries(value)) {
    if (!parts.includes(key))
      return failure(`The service in ${file} has "${key}", which is none of ${parts.join(', ')}.`)
    if (typeof part !== 'function') return failure(`"${key}" of the service in ${file} is no function.`)
  }
  return success(defineService(value as Callbacks<undefined>) as AnyService)
}
