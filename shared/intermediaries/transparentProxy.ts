// A transparent proxy that does not know Upgrade: it passes heads on as they are, and after the 101 it goes on parsing both
// lanes as HTTP. A 101 is a 1xx to it, after which the response itself is still to come. RFC 9110 §15.2.
import type { Lane } from '../bytes/lanes.ts'
import { bodyLength, ownAnswer, readHead } from './http.ts'
import { answerAndEnd, gather, type Intermediary, type NodeOutput, takeFirst, type Waiting } from './intermediary.ts'

interface Reader extends Waiting {
  body: number
}

export function createTransparentProxy(out: NodeOutput): Intermediary {
  const reader = (): Reader => ({ bytes: new Uint8Array(0), body: 0 })
  const readers: Readonly<Record<Lane, Reader>> = { clientToServer: reader(), serverToClient: reader() }
  let over = false
  function giveUp(lane: Lane): void {
    over = true
    const isRequest = lane === 'clientToServer'
    out.say(
      isRequest
        ? 'What comes now can be no HTTP request: the proxy answers 400 and closes.'
        : 'What comes now can be no HTTP response, and after a 1xx one is due: the proxy closes with 502.',
    )
    answerAndEnd(out, 'client', ownAnswer(isRequest ? '400 Bad Request' : '502 Bad Gateway'))
  }
  return {
    take: (lane, bytes) => {
      if (over) return
      gather(readers[lane], bytes)
      if (!passMessages(out, lane, readers[lane])) giveUp(lane)
    },
    takeEnd: (lane) => {
      if (!over) out.end(lane)
    },
  }
}

/** Passes whole heads on, and bodies as they come. False when the bytes can be no message. */
function passMessages({ pass }: NodeOutput, lane: Lane, reader: Reader): boolean {
  while (reader.bytes.length > 0) {
    if (reader.body > 0) {
      const part = takeFirst(reader, reader.body)
      reader.body -= part.length
      pass(lane, part)
      continue
    }
    const read = readHead(reader.bytes, lane === 'clientToServer' ? 'request' : 'response')
    if (read.kind !== 'head') return read.kind === 'more'
    pass(lane, takeFirst(reader, read.size))
    reader.body = bodyLength(read.head)
  }
  return true
}
