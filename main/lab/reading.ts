// Reading a file that is opened, in slices: between two of them others have their turns, so that a session of any length
// opens while the window goes on.
import { type Known, leastToOpen, type Opening, openSession } from '../../shared/capture/opening.ts'
import type { Loading } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from '../store/fileErrors.ts'
import { createScratchStore, type OpenedStore, type ScratchStore } from '../store/openedStore.ts'

export interface Reading {
  readonly store: OpenedStore
  /** What its messages were made into when it has no bytes, or what its TLS says in plain. */
  readonly scratch: ScratchStore | null
  readonly opening: Opening
  /** What went wrong with the file, as sentences. */
  readonly troubles: readonly string[]
  /** Null when nothing more will be read. */
  loading(): Loading | null
  /** Reads the rest. Settles when that is done, or stopped. */
  readOn(onProgress: () => void): Promise<void>
  stop(): void
  close(): void
}

export interface ReadingOptions extends Known {
  readonly signal?: AbortSignal
  onProgress?(loading: Loading): void
}

/** Milliseconds that others wait at most, and things read between two looks at the clock. */
const slice = 8
const burst = 64
/** A file that is no longer is read as a whole before it is shown. */
const readAtOnce = 4 * 1024 * 1024
/** Milliseconds between two tellings of how far it is. */
const tellEvery = 100

/** Reads until there is something to show. A failure says why there is nothing; then the store is closed. */
export async function beginReading(store: OpenedStore, options: ReadingOptions): Promise<Result<Reading>> {
  while (store.isFilling && store.size < leastToOpen) await store.more()
  const troubles: string[] = []
  const made: ScratchStore[] = []
  const makeScratch = () => {
    const scratch = createScratchStore(store.path, (sentence) => troubles.push(sentence))
    if (scratch.ok) made.push(scratch.value)
    return scratch
  }
  const opened = openSession(store, makeScratch, options)
  if (!opened.ok) {
    store.close()
    return failure(store.trouble ?? `${store.path}: ${opened.error}`)
  }
  const reading = readingOf(store, opened.value, troubles, made)
  const wrong = await readBeginning(reading, options)
  if (wrong === null) return success(reading)
  reading.close()
  return failure(store.trouble ?? `${store.path}: ${wrong}`)
}

/** Answers why there is nothing to show, or null. */
async function readBeginning(reading: OpenReading, { signal, onProgress }: ReadingOptions): Promise<string | null> {
  const { opening } = reading
  const isShowable = () => opening.capture.connections.length > 0 && opening.at >= readAtOnce
  const tell = () => {
    const loading = reading.loading()
    if (loading) onProgress?.(loading)
  }
  await reading.readUntil(() => isShowable() || signal?.aborted === true, tell)
  if (signal?.aborted) return 'opening it was given up.'
  return reading.loading() ? null : opening.refusal()
}

const nextTurn = () => new Promise(setImmediate)

interface OpenReading extends Reading {
  /** Reads until `isEnough` says so, or nothing more will come. */
  readUntil(isEnough: () => boolean, onProgress: () => void): Promise<void>
}

function readingOf(
  store: OpenedStore,
  opening: Opening,
  troubles: string[],
  made: readonly ScratchStore[],
): OpenReading {
  let isOver = false
  let told = 0

  function loading(): Loading | null {
    return isOver ? null : (store.packed ?? { bytes: opening.at, of: store.size })
  }

  /** Reads for a while. Answers whether more may follow at once. */
  function readSlice(): boolean {
    const until = performance.now() + slice
    try {
      do {
        for (let count = 0; count < burst; count += 1) if (!opening.next()) return false
      } while (performance.now() < until)
      return true
    } catch (error) {
      end(fileError('read', store.path, error))
      return false
    }
  }

  function end(trouble: string | null): void {
    isOver = true
    if (trouble !== null) troubles.push(trouble)
  }

  /** Nothing more can be read now. */
  async function waitForMore(): Promise<void> {
    if (store.isFilling) await store.more()
    else if (!isOver) end(store.trouble)
  }

  async function readUntil(isEnough: () => boolean, onProgress: () => void): Promise<void> {
    while (!isOver && !isEnough()) {
      if (!readSlice()) await waitForMore()
      if (performance.now() - told >= tellEvery) {
        told = performance.now()
        onProgress()
      }
      await nextTurn()
    }
  }

  return {
    ...{ store, opening, troubles, loading, readUntil },
    get scratch() {
      return made[0] ?? null
    },
    async readOn(onProgress) {
      if (isOver) return
      await nextTurn()
      await readUntil(() => false, onProgress)
      onProgress()
    },
    stop() {
      const at = loading()
      if (at) end(`Opening it was stopped: ${at.bytes} of ${at.of} bytes were read, and what comes after is not shown.`)
    },
    close() {
      isOver = true
      for (const scratch of made) scratch.close()
      store.close()
    },
  }
}
