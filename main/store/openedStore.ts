// Files that are opened to be looked at, and the scratch files that what is in them is unpacked or made into.
import { closeSync, createReadStream, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip } from 'node:zlib'
import type { ByteStore, LogStore } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'
import { createFileStore, openFileStore } from './fileStore.ts'

/** How the names of files end that can be opened, behind the last dot. What is in one tells its format. */
export const sessionExtensions = ['pcapng', 'pcap', 'cap', 'har', 'gz'] as const

export interface OpenedStore extends ByteStore {
  /** The file as the person knows it. */
  readonly path: string
  /** Of a file that is being unpacked: how many of its own bytes were read, of how many. */
  readonly packed: { readonly bytes: number; readonly of: number } | null
  /** What kept it from being unpacked to its end, as a sentence. */
  readonly trouble: string | null
  /** Settles when more has come, or nothing more will. */
  more(): Promise<void>
  close(): void
}

/** Bytes that a compressed file may unpack to, at most: 64 GiB of a disk. */
export const mostUnpacked = 64 * 1024 * 1024 * 1024
const unpackedPiece = 1024 * 1024

/** An existing file, for reading only; one that gzip has packed as what is in it, which comes bit by bit. */
export function openPlainStore(path: string): Result<OpenedStore> {
  const store = openFileStore(path)
  if (!store.ok) return store
  if (isGzip(store.value)) {
    const { size } = store.value
    store.value.close()
    return unpack(path, size)
  }
  return success(Object.assign(store.value, { packed: null, trouble: null, more: async () => {} }))
}

/** RFC 1952 §2.3.1: the first two bytes. */
function isGzip(store: ByteStore): boolean {
  const start = store.read(0, 2)
  return start[0] === 0x1f && start[1] === 0x8b
}

/** Unpacks it into a scratch file, as fast as it is read and written, while others have their turns. */
function unpack(path: string, of: number): Result<OpenedStore> {
  const scratch = createScratchFile(path)
  if (!scratch.ok) return scratch
  const { file, remove } = scratch.value
  const state = { bytes: 0, size: 0, isFilling: true, trouble: null as string | null }
  const stop = new AbortController()
  let wake = () => {}

  async function fill(pieces: AsyncIterable<Buffer>): Promise<void> {
    for await (const piece of pieces) {
      const room = mostUnpacked - state.size
      if (piece.length > room) throw new Error(`unpacked it is more than ${mostUnpacked / 1024 ** 3} GiB`)
      for (let done = 0; done < piece.length; ) {
        const count = writeSync(file, piece, done, piece.length - done, state.size)
        done += count
        state.size += count
      }
      wake()
    }
  }

  const packed = createReadStream(path)
  // A file that is cut short unpacks as far as it goes; what is in it then says that it is cut.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: unpackedPiece })
  const done = pipeline(packed, gunzip, fill, { signal: stop.signal })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) state.trouble = fileError('unpack', path, error)
    })
    .finally(() => {
      state.isFilling = false
      wake()
    })

  return success({
    path,
    get size() {
      return state.size
    },
    get isFilling() {
      return state.isFilling
    },
    get packed() {
      return state.isFilling ? { bytes: packed.bytesRead, of } : null
    },
    get trouble() {
      return state.trouble
    },
    append: () => readingOnly(path),
    read: (offset, length) => readFrom(file, offset, Math.max(0, Math.min(length, state.size - offset))),
    more: () =>
      state.isFilling
        ? new Promise((resolve) => {
            wake = resolve
          })
        : Promise.resolve(),
    close() {
      stop.abort()
      void done.then(remove)
    },
  })
}

function readingOnly(path: string): never {
  throw new Error(`${path} is open for reading only`)
}

function readFrom(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const count = readSync(file, bytes, 0, length, offset)
  return count === length ? bytes : bytes.subarray(0, count)
}

/** A file for what is in the file at `path`. It loses its name at once where it can, so that a crash leaves nothing. */
function createScratchFile(path: string): Result<{ readonly file: number; remove(): void }> {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-'))
    const file = openSync(join(folder, 'unpacked'), 'wx+')
    const forget = () => rmSync(folder, { recursive: true, force: true })
    if (process.platform !== 'win32') forget()
    const remove = () => {
      closeSync(file)
      forget()
    }
    return success({ file, remove })
  } catch (error) {
    return failure(fileError('make a scratch file for', path, error))
  }
}

/** A store to write to that is removed when it is closed. Trouble with the disk is told. */
export interface ScratchStore extends LogStore {
  close(): void
}

/** A scratch store for what is made of the file at `path`. */
export function createScratchStore(path: string, onTrouble: (sentence: string) => void): Result<ScratchStore> {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-'))
    const store = createFileStore(join(folder, 'imported.pcapng'), { onTrouble })
    if (!store.ok) return store
    const { close } = store.value
    return success(
      Object.assign(store.value, {
        close() {
          close()
          rmSync(folder, { recursive: true, force: true })
        },
      }),
    )
  } catch (error) {
    return failure(fileError('make a scratch file for', path, error))
  }
}
