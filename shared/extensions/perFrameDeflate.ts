// The forerunners that deflate each frame by itself, deflate-frame and x-webkit-deflate-frame, as far as an onlooker has
// to know them: draft-tyoshino-hybi-websocket-perframe-deflate. Each end says in its head how the other may deflate.
import type { Lane } from '../bytes/lanes.ts'
import {
  type Compression,
  type CompressionName,
  type LaneCompression,
  largestWindow,
  windowBitsIn,
} from './compression.ts'
import type { Extension } from './grammar.ts'

export function isPerFrameDeflate(name: string): name is CompressionName {
  return name === 'deflate-frame' || name === 'x-webkit-deflate-frame'
}

/** What the two heads agree on. The offer binds the server, the answer the client. */
export function agreedPerFrame(name: CompressionName, offer: Extension, answer: Extension): Compression {
  const lanes: Record<Lane, LaneCompression> = {
    clientToServer: boundBy(answer),
    serverToClient: boundBy(offer),
  }
  return { name, unit: 'frame', lanes }
}

function boundBy({ parameters }: Extension): LaneCompression {
  const bits = parameters.find(({ name }) => name === 'max_window_bits')?.value ?? null
  return {
    windowBits: windowBitsIn(bits) ?? largestWindow,
    contextTakeover: !parameters.some(({ name }) => name === 'no_context_takeover'),
  }
}
