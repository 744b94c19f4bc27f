// Hooks by which components read the session.
import { createContext, use, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Answer, Method, Payload } from '../../shared/ipc/contract.ts'
import { createLoader } from './loader.ts'
import type { Session, World } from './session.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('no session around this component')
  return session
}

export function useWorld<T>(pick: (world: World) => T): T {
  return useStore(useSession().world, pick)
}

export interface Answered<M extends Method> {
  readonly payload: Payload<M> | null
  readonly answer: Answer<M> | null
  readonly error: string | null
  /** Asks once more. */
  readonly retry: () => void
}

/**
 * The host's answer to a question about the current run, asked again whenever the run changes. The old answer stays
 * until the new one is here; `payload` says which question it answers. Null asks nothing. What is returned is the same
 * object for as long as nothing of it changes.
 */
export function useAnswer<M extends Method>(method: M, payload: Payload<M> | null): Answered<M> {
  const { ask } = useSession()
  const version = useWorld((world) => world.run?.version)
  const [loader] = useState(() => createLoader((want: Payload<M>) => ask(method, want)))
  const [tries, setTries] = useState(0)
  const loaded = useSyncExternalStore(loader.subscribe, loader.get)
  const key = payload === null ? null : JSON.stringify(payload)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version and the tries say when to ask again
  useEffect(() => {
    if (key !== null) loader.ask(JSON.parse(key) as Payload<M>)
  }, [loader, key, version, tries])
  const retry = useCallback(() => setTries((before) => before + 1), [])
  const asks = key !== null
  return useMemo(() => {
    if (!asks) return { payload: null, answer: null, error: null, retry }
    return { payload: loaded.shown?.want ?? null, answer: loaded.shown?.answer ?? null, error: loaded.error, retry }
  }, [asks, loaded, retry])
}
