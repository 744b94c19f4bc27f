// A proxy that buffers responses, as those do that scan them or spare the server slow clients: heads go on at once, what
// follows a response's head is gathered first.
import { statusOf } from '../handshake/head.ts'
import { bodyLength, readHead } from './http.ts'
import { gather, type Intermediary, type NodeOutput, takeFirst, type Waiting } from './intermediary.ts'

/** Bytes of a response that are gathered before they go on. */
export const bufferSize = 4096

export function createBuffer({ pass, end, say }: NodeOutput): Intermediary {
  const waiting: Waiting = { bytes: new Uint8Array(0) }
  /** Bytes of the body before it is whole; `unknown`: until the end of the stream. Null: a head is due. */
  let body: number | 'unknown' | null = null
  let told = false
  function passHead(): boolean {
    const read = readHead(waiting.bytes, 'response')
    if (read.kind === 'more') return false
    if (read.kind === 'head') pass('serverToClient', takeFirst(waiting, read.size))
    const isFinal = read.kind === 'none' || (statusOf(read.head) ?? 0) >= 200
    body = read.kind === 'head' && isFinal ? bodyLength(read.head) || 'unknown' : 'unknown'
    return true
  }
  function passBody(): boolean {
    const size = body === 'unknown' ? bufferSize : Math.min(body!, bufferSize)
    if (waiting.bytes.length < size) {
      if (!told && waiting.bytes.length > 0) {
        told = true
        say(`The proxy gathers what follows the head: ${waiting.bytes.length} of ${size} bytes, and nothing goes on.`)
      }
      return false
    }
    pass('serverToClient', takeFirst(waiting, size))
    if (body !== 'unknown') body = body! > size ? body! - size : null
    return true
  }
  return {
    take: (lane, bytes) => {
      if (lane === 'clientToServer') {
        pass(lane, bytes)
        return
      }
      gather(waiting, bytes)
      while (waiting.bytes.length > 0 && (body === null ? passHead() : passBody()));
    },
    takeEnd: (lane) => {
      if (lane === 'serverToClient' && waiting.bytes.length > 0) pass(lane, takeFirst(waiting, waiting.bytes.length))
      end(lane)
    },
  }
}
