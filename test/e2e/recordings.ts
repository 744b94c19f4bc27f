// Saved sessions as bytes, changed the way a disk, another tool or time would.
import { readFileSync, writeFileSync } from 'node:fs'

const packetBlock = 6
const nanosPerSecond = 1_000_000_000n

/** Sets the packets of a recording one second apart, so that playing it takes long enough to be watched. */
export function stretch(path: string): void {
  const bytes = readFileSync(path)
  let second = 1_700_000_000n
  for (const { at, type } of blocksOf(bytes)) {
    if (type !== packetBlock) continue
    second += 1n
    const ticks = second * nanosPerSecond
    bytes.writeUInt32LE(Number(ticks >> 32n), at + 12)
    bytes.writeUInt32LE(Number(ticks & 0xffffffffn), at + 16)
  }
  writeFileSync(path, bytes)
}

/** Cuts a recording off inside the block at its middle. */
export function cutInBlock(path: string): void {
  const bytes = readFileSync(path)
  const block = [...blocksOf(bytes)].find(({ at, length }) => at + length > bytes.length / 2)!
  writeFileSync(path, bytes.subarray(0, block.at + block.length / 2))
}

function* blocksOf(bytes: Buffer): Iterable<{ readonly at: number; readonly type: number; readonly length: number }> {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4)
    yield { at, type: bytes.readUInt32LE(at), length }
    at += length
  }
}
