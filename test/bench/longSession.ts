// Files of a million frames: one that Wirestep recorded, and what another tool would have captured of the same traffic.
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import type { FileStore } from '../../main/store/fileStore.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Subject } from './measure.ts'
import { clientFrame, openRecord, requestHead, responseHead, serverFrame } from './traffic.ts'

/** Records `frames` binary frames of 16 bytes, from both ends in turn on running lanes, each of them a read of its own. */
export function recordLongSession(
  { createCapture }: Pick<Subject, 'createCapture'>,
  store: FileStore,
  frames: number,
): void {
  const capture = createCapture(store)
  let time = Date.UTC(2026, 10, 26)
  const pass = (bytes: Uint8Array, lane: Lane) => {
    time += 0.02
    capture.append({ kind: 'passed', time, connection: 1, lane, bytes })
  }
  capture.append({ ...openRecord, time })
  pass(requestHead, 'clientToServer')
  pass(responseHead, 'serverToClient')
  const [fromClient, fromServer] = [clientFrame(16), serverFrame(16)]
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame % 2 === 0) pass(fromClient, 'clientToServer')
    else pass(fromServer, 'serverToClient')
  }
  store.close()
}

const packetBlock = 6
const interfaceBlock = 1

/**
 * Copies what was delivered, with hardware addresses that are not Wirestep's: one packet a frame, between two ends, as
 * dumpcap writes it.
 */
export function writeAsCaptured(recording: string, path: string): void {
  const [from, to] = [openSync(recording, 'r'), openSync(path, 'wx')]
  const all = Buffer.alloc(statSync(recording).size)
  readSync(from, all)
  let kept = 0
  let interfaces = 0
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at + 4)
    const type = all.readUInt32LE(at)
    const isWanted =
      type === packetBlock ? all.readUInt32LE(at + 8) === 0 : type !== interfaceBlock || interfaces++ === 0
    if (type === packetBlock) for (const address of [28, 34]) all.writeUInt16BE(0x0242, at + address)
    if (isWanted) all.copyWithin(kept, at, at + length)
    kept += isWanted ? length : 0
    at += length
  }
  writeSync(to, all, 0, kept)
  closeSync(from)
  closeSync(to)
}
