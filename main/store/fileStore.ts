// A recording's bytes in a file. They are written a block at a time, each at a place of the file that is a multiple of its
// length, where a system takes them at the least cost. What is less than a block waits for `longestWait` at the most: so
// much is lost when the process is killed.
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Extent, LogStore } from '../../shared/capture/record.ts'
import { createTail } from '../../shared/capture/tail.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'

export interface FileStore extends LogStore {
  readonly path: string
  /** Bytes that are not in the file: after `close`, those that are lost. */
  readonly unwritten: number
  /** Writes what is not written yet, at once. */
  flush(): void
  /** Flushes and closes. Nothing can be read or appended afterwards. */
  close(): void
}

/** Most bytes kept in memory after a file could not be written: 256 MiB. */
export const memoryLimit = 256 * 1024 * 1024
/** So much stays in a processor's own memory until it is written. */
const blockLength = 256 * 1024
/** Milliseconds. */
const longestWait = 10

export interface FileStoreOptions {
  /** Told, in one sentence each, that the file cannot be written, and that memory is used up too. */
  readonly onTrouble: (sentence: string) => void
  readonly memoryLimit?: number
}

/**
 * A store in a new file, for reading and appending; a failure when it cannot be made. Once made it never fails: when
 * the file cannot be written, `onTrouble` is told and the bytes stay in memory, up to `memoryLimit`, until it can be
 * written again, which is tried with all that comes, and told. Past the limit it is told too, and what comes later is
 * not kept but reads as zeros.
 */
export function createFileStore(path: string, options: FileStoreOptions): Result<FileStore> {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return success(storeOver(openSync(path, 'wx+'), path, 0, options))
  } catch (error) {
    return failure(fileError('record to', path, error))
  }
}

/** A store that was to be the file at `path` and is in memory only, up to `memoryLimit`. */
export function createUnwrittenStore(path: string, options: FileStoreOptions): FileStore {
  return storeOver(null, path, 0, options)
}

/** An existing file, for reading only. */
export function openFileStore(path: string): Result<FileStore> {
  try {
    const file = openSync(path, 'r')
    const stat = fstatSync(file)
    if (stat.isFile()) return success(readOnly(storeOver(file, path, stat.size, { onTrouble: () => {} })))
    closeSync(file)
    return failure(`Could not open ${path}: it is not a file.`)
  } catch (error) {
    return failure(fileError('open', path, error))
  }
}

function readOnly(store: FileStore): FileStore {
  const refuse = () => {
    throw new Error(`${store.path} is open for reading only`)
  }
  return Object.assign(store, { append: refuse, extend: refuse })
}

/** What a person is told when a file gave way to memory. */
export function inMemoryFrom(sentence: string, limit = memoryLimit): string {
  return `${sentence} The session goes on in memory only, up to ${limit / 1024 / 1024} MiB: save it elsewhere before closing it.`
}

/** `file` is null when all is kept in memory. */
function storeOver(opened: number | null, path: string, written: number, options: FileStoreOptions): FileStore {
  const limit = options.memoryLimit ?? memoryLimit
  // A block, and the record that fills it.
  const pending = createTail(opened === null || written > 0 ? 0 : 1.5 * blockLength)
  let file = opened
  let inTrouble = opened === null
  let onDisk = written
  let waiting: NodeJS.Timeout | undefined
  let lost = 0

  function flush(): void {
    clearTimeout(waiting)
    waiting = undefined
    writeTo(onDisk + pending.length)
  }

  function writeTo(end: number): void {
    if (file === null || lost > 0) return
    try {
      while (onDisk < end) {
        const count = writeSync(file, pending.block, 0, end - onDisk, onDisk)
        onDisk += count
        pending.drop(count)
      }
      if (inTrouble) options.onTrouble(`${path} can be written again: the session is in it as a whole.`)
      inTrouble = false
    } catch (error) {
      if (!inTrouble) options.onTrouble(inMemoryFrom(fileError('record to', path, error), limit))
      inTrouble = true
    }
  }

  function extend(length: number): Extent {
    if (pending.length >= blockLength && !inTrouble) writeBlocks()
    waiting ??= setTimeout(flush, longestWait)
    const fits = !inTrouble || (lost === 0 && pending.length + length <= limit)
    if (fits) return pending.extend(length)
    if (lost === 0) options.onTrouble(`Memory for ${path} is used up: from here on the session's bytes are not kept.`)
    lost += length
    return createTail(length).extend(length)
  }

  function writeBlocks(): void {
    const end = onDisk + pending.length
    writeTo(end - (end % blockLength))
  }

  function pendingFrom(from: number, length: number): Uint8Array {
    return pending.block.subarray(from, Math.min(pending.length, from + length))
  }

  function readFile(into: Uint8Array, offset: number): void {
    let done = 0
    while (done < into.length) {
      const count = readSync(file!, into, done, into.length - done, offset + done)
      if (count === 0) throw new Error(`${path} has become shorter than it was: it ends at byte ${offset + done}`)
      done += count
    }
  }

  return {
    path,
    get size() {
      return onDisk + pending.length + lost
    },
    get unwritten() {
      return pending.length + lost
    },
    append(bytes) {
      const { bytes: into, at } = extend(bytes.length)
      into.set(bytes, at)
    },
    extend,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, onDisk + pending.length + lost - offset)))
      const stored = Math.max(0, Math.min(bytes.length, onDisk - offset))
      if (stored > 0) readFile(bytes.subarray(0, stored), offset)
      if (stored < bytes.length) bytes.set(pendingFrom(offset + stored - onDisk, bytes.length - stored), stored)
      return bytes
    },
    flush,
    close() {
      flush()
      if (file !== null) closeSync(file)
      file = null
      inTrouble = true
    },
  }
}
