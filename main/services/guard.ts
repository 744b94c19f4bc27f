// Nothing that a service throws goes further than here.
import type { Service, Session } from './service.ts'

/** Calls it; what it throws, or what the promise it answers rejects with, goes to `failed`. */
export function guarded(callback: () => unknown, failed: (error: unknown) => void): void {
  try {
    const answer = callback()
    if (answer instanceof Promise) answer.catch(failed)
  } catch (error) {
    failed(error)
  }
}

/** Tells the service's `error`; whoever hosts it when it has none, or when that fails too. */
export function tellError<State>(
  service: Service<State>,
  error: unknown,
  session: Session<State> | null,
  onProblem: (sentence: string) => void,
): void {
  const where = session === null ? 'The service' : `The service of session ${session.id}`
  const tell = (thrown: unknown) => onProblem(`${where} failed: ${messageOf(thrown)}`)
  if (service.error) guarded(() => service.error?.(error, session), tell)
  else tell(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
