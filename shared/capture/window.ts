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

/** A store read from front to back, a block at a time: what is in hand is looked at without an object for each look. */
export interface Scan {
  bytes: Uint8Array
  /** The same bytes, for their numbers. */
  view: DataView
  /** Index in `bytes` of store offset `offset`, where `length` bytes follow; what was in hand before may be replaced. */
  reach(offset: number, length: number): number
}

/** A scan that reads at least `least` bytes at a time. Who asks for bytes behind the store's end has a bug. */
export function createScan(store: Pick<ByteStore, 'read'>, least: number): Scan {
  let start = 0
  let length = 0
  const scan: Scan = {
    bytes: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    reach(offset, wanted) {
      if (offset < start || offset + wanted > start + length) {
        const bytes = store.read(offset, Math.max(wanted, least))
        start = offset
        length = bytes.length
        scan.bytes = bytes
        scan.view = new DataView(bytes.buffer, bytes.byteOffset, length)
      }
      return offset - start
    },
  }
  return scan
}
