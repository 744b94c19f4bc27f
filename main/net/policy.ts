// Both ends of the socket policy exchange of Silverlight, over real sockets.
import { createServer, type Socket } from 'node:net'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import {
  longestPolicy,
  type PortRange,
  policyAnswer,
  policyPort,
  policyRefusal,
  policyRequest,
  readPolicyRequest,
} from '../../shared/profile/policy.ts'
import { closeServer, dial, keep, listen } from './sockets.ts'

export type PolicyEvent =
  | { readonly kind: 'answered' }
  /** It did not ask as it has to, or not in time: it is closed without an answer. */
  | { readonly kind: 'refused'; readonly says: string }

export interface PolicyServerOptions {
  readonly listen: Address
  readonly ports: PortRange
  /** Milliseconds a client has for its request; null: as long as it likes, since somebody steps it. */
  readonly timeout: number | null
  onEvent(connection: number, event: PolicyEvent): void
  onProblem(sentence: string): void
}

export interface PolicyServer {
  readonly address: Address
  close(): Promise<void>
}

/** Clients served at once; more are reset. */
const mostClients = 64

/** Starts a policy server. Fails with a sentence when it cannot listen, and says what that means on port 943. */
export async function servePolicy(options: PolicyServerOptions): Promise<Result<PolicyServer>> {
  const sockets = new Set<Socket>()
  let last = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    keep(sockets, socket)
    last += 1
    answerOne(socket, last, options)
  })
  server.maxConnections = mostClients
  const listening = await listen(server, options.listen, options.onProblem)
  if (listening.ok) return success({ address: listening.value, close: () => closeServer(server, sockets) })
  return failure(cannotListen(listening.error, options.listen))
}

/** Why the port of a policy server cannot be had, and on 943 what that means. */
export function cannotListen(error: string, { port }: Address): string {
  return port === policyPort ? `${error} ${elsewhere}` : error
}

const elsewhere = `Silverlight asks on ${policyPort} and nowhere else, and ports below 1024 are for privileged programs on many systems: run it with that privilege, or use --listen with another port for clients that can be told.`

function answerOne(socket: Socket, connection: number, { ports, timeout, onEvent }: PolicyServerOptions): void {
  let bytes = Buffer.alloc(0)
  let done = false
  const finish = (event: PolicyEvent, answer?: Uint8Array) => {
    if (done) return
    done = true
    clearTimeout(timer)
    socket.end(answer ?? '')
    socket.resume()
    onEvent(connection, event)
  }
  const refuse = (says: string) => finish({ kind: 'refused', says })
  const timer =
    timeout === null ? undefined : setTimeout(refuse, timeout, `No policy request came within ${timeout} ms.`)
  socket.once('close', () => clearTimeout(timer))
  socket.on('end', () => refuse('The client ended before its request was whole.'))
  socket.on('data', (part) => {
    if (done) return
    bytes = Buffer.concat([bytes, part])
    const read = readPolicyRequest(bytes)
    if (read === 'asked') finish({ kind: 'answered' }, policyAnswer(ports))
    if (read === 'wrong') refuse(`The request has to be ${policyRequest}, ${policyRequest.length} bytes and no more.`)
  })
}

export interface PolicyQuestion {
  readonly at: Address
  /** The port that the application wants to connect to. */
  readonly port: number
  /** Milliseconds for the answer; null: as long as it takes, since somebody steps it. */
  readonly timeout: number | null
}

/** Asks as Silverlight did. Null: the port may be connected to; else why not. Fails when nobody can be asked. */
export async function askPolicy({ at, port, timeout }: PolicyQuestion): Promise<Result<string | null>> {
  const dialled = await dial(at, new Set())
  if (!dialled.ok) return failure(`${dialled.error} Without a policy no socket may connect.`)
  const socket = dialled.value
  if (timeout !== null) socket.setTimeout(timeout, () => socket.destroy())
  socket.write(policyRequest)
  const answer = await readToEnd(socket)
  if (answer !== null) return success(policyRefusal(answer, port))
  const late = timeout === null ? 'broke the connection off' : `did not answer within ${timeout} ms`
  return success(`${formatAddress(at)} ${late}: no socket may connect.`)
}

/** All up to the end of the stream; null when it did not come in time. */
async function readToEnd(socket: Socket): Promise<Uint8Array | null> {
  const parts: Buffer[] = []
  let size = 0
  return new Promise((resolve) => {
    socket.on('data', (part) => {
      size += part.length
      parts.push(part)
      if (size > longestPolicy) socket.destroy()
    })
    socket.once('end', () => {
      socket.end()
      resolve(new Uint8Array(Buffer.concat(parts)))
    })
    socket.once('close', () => resolve(null))
  })
}
