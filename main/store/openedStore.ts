// Files that are opened to be looked at, and the scratch files that what is in them is made into.
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import type { ByteStore } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'
import { createFileStore, openFileStore } from './fileStore.ts'

export interface OpenedStore extends ByteStore {
  /** The file as the person knows it. */
  readonly path: string
  close(): void
}

/** Bytes that a compressed file may unpack to, at most: 512 MiB, since they are in memory. */
export const mostUnpacked = 512 * 1024 * 1024

/** An existing file, for reading only; one that gzip has packed as what is in it. */
export function openPlainStore(path: string): Result<OpenedStore> {
  const store = openFileStore(path)
  return store.ok && isGzip(path) ? unpacked(store.value) : store
}

/** RFC 1952 §2.3.1: the first two bytes. */
function isGzip(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = new Uint8Array(2)
    return readSync(file, start) === 2 && start[0] === 0x1f && start[1] === 0x8b
  } finally {
    closeSync(file)
  }
}

function unpacked(packed: OpenedStore): Result<OpenedStore> {
  const { path } = packed
  packed.close()
  try {
    // A file that is cut short unpacks as far as it goes; what is in it then says that it is cut.
    const options = { maxOutputLength: mostUnpacked, finishFlush: constants.Z_SYNC_FLUSH }
    return success(storeOf(path, gunzipSync(readFileSync(path), options)))
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return failure(
      isLarge
        ? `Could not open ${path}: unpacked it is more than ${mostUnpacked / 1024 / 1024} MiB; unpack it with gunzip first.`
        : fileError('unpack', path, error),
    )
  }
}

function storeOf(path: string, bytes: Uint8Array): OpenedStore {
  return {
    path,
    size: bytes.length,
    append() {
      throw new Error(`${path} is open for reading only`)
    },
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close() {},
  }
}

/** An empty file that is removed when it is closed; shown as `path`. Trouble with the disk is told. */
export function createScratchStore(path: string, onTrouble: (sentence: string) => void): Result<OpenedStore> {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-'))
    const store = createFileStore(join(folder, 'imported.pcapng'), { onTrouble })
    if (!store.ok) return store
    const { append, read, close } = store.value
    return success({
      path,
      get size() {
        return store.value.size
      },
      append,
      read,
      close() {
        close()
        rmSync(folder, { recursive: true, force: true })
      },
    })
  } catch (error) {
    return failure(fileError('make a scratch file for', path, error))
  }
}
