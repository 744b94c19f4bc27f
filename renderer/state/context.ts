// Hooks by which components read the session.
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Answer, Method, Payload, RunView } from '../../shared/ipc/contract.ts'
import { createLoader, type Loader } from './loader.ts'
import { type Session, type World, withRun } from './session.ts'

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
 * @param ahead what will be asked when a newer snapshot of the run is shown; the same again, if not given
 */
export function useAnswer<M extends Method>(
  method: M,
  payload: Payload<M> | null,
  ahead: (world: World) => Payload<M> | null = () => payload,
): Answered<M> {
  const session = useSession()
  const { ask } = session
  const version = useWorld((world) => world.run?.version)
  const [loader] = useState(() => createLoader((want: Payload<M>) => ask(method, want)))
  const [tries, setTries] = useState(0)
  const loaded = useSyncExternalStore(loader.subscribe, loader.get)
  const key = payload === null ? null : JSON.stringify(payload)
  const answered = useAsking(ahead, loader)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tries say when to ask again
  useEffect(() => {
    const isAnswered = key !== null && answered.current === nameOf(key, version)
    answered.current = ''
    if (key !== null && !isAnswered) loader.ask(JSON.parse(key) as Payload<M>)
  }, [loader, key, version, tries, answered])
  const retry = useCallback(() => setTries((before) => before + 1), [])
  const asks = key !== null
  return useMemo(() => {
    if (!asks) return { payload: null, answer: null, error: null, retry }
    return { payload: loaded.shown?.want ?? null, answer: loaded.shown?.answer ?? null, error: loaded.error, retry }
  }, [asks, loaded, retry])
}

/** A question, asked of a version of the run. */
function nameOf(key: string, version: number | undefined): string {
  return `${version} ${key}`
}

/** Asks before a newer snapshot is shown. Holds the name of the question that was answered then: it need not be asked. */
function useAsking<Want, Kept>(ahead: (world: World) => Want | null, { prepare }: Loader<Want, Kept>) {
  const { arrivals, world } = useSession()
  const answered = useRef('')
  const newest = useRef(ahead)
  newest.current = ahead
  useEffect(() => {
    const pane = async (next: RunView, want: Want) => {
      const show = await prepare(want)
      return () => {
        answered.current = nameOf(JSON.stringify(want), next.version)
        show()
      }
    }
    return arrivals.join((next) => {
      const want = newest.current(withRun(world.getState(), next))
      return want === null ? null : pane(next, want)
    })
  }, [arrivals, world, prepare])
  return answered
}
