// Reading a store in larger pieces than are asked for, since what is asked for next usually follows.
import type { ByteStore } from './record.ts'

/** Bytes [offset, offset + length) of a store; fewer only at its end. */
export type Window = (offset: number, length: number) => Uint8Array

/** A window that reads at least `least` bytes at a time. What it returned stays valid. */
export function createWindow(store: Pick<ByteStore, 'read'>, least: number): Window {
  let start = 0
  let bytes: Uint8Array = new Uint8Array(0)
  return (offset, length) => {
    if (offset < start || offset + length > start + bytes.length) {
      start = offset
      bytes = store.read(offset, Math.max(length, least))
    }
    return bytes.subarray(offset - start, offset - start + length)
  }
}
