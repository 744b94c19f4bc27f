// A real TCP connection to ourselves, which nobody else can get into.
import { on } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { dialProblem } from './sentences.ts'
import { dial, listen } from './sockets.ts'

export interface SocketPair {
  readonly dialled: Socket
  readonly accepted: Socket
}

/** Connects two sockets over 127.0.0.1; nothing listens there any more afterwards. */
export async function loopbackPair(): Promise<Result<SocketPair>> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  const connections = on(server, 'connection')
  // A connection that is lost while accepting ends the iteration below, which tells.
  const listening = await listen(server, { host: '127.0.0.1', port: 0 }, () => {})
  if (!listening.ok) return listening
  const dialled = await dial(listening.value, new Set())
  const pair = dialled.ok ? await acceptFrom(dialled.value, connections) : dialled
  server.close()
  return pair
}

async function acceptFrom(dialled: Socket, connections: ReturnType<typeof on>): Promise<Result<SocketPair>> {
  try {
    for await (const [accepted] of connections as AsyncIterable<[Socket]>) {
      if (accepted.remotePort === dialled.localPort) return success({ dialled, accepted })
      // Another program found the port in the moment it was open.
      accepted.resetAndDestroy()
    }
    throw new Error('it was never accepted')
  } catch (error) {
    dialled.destroy()
    return failure(dialProblem(error, { host: '127.0.0.1', port: dialled.remotePort ?? 0 }))
  }
}
