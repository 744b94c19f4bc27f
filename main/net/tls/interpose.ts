// TLS on both sides of a relay: with the client when its first byte is TLS, with the server as the relay is told.
import type { Socket } from 'node:net'
import type { Address } from '../../../shared/capture/record.ts'
import { type Result, success } from '../../../shared/ipc/result.ts'
import { moreOf, resetSocket } from '../sockets.ts'
import type { TlsFacts } from './facts.ts'
import { type AcceptTerms, type DialTerms, handshakeRecord, secureToClient, secureToServer } from './secure.ts'

export interface RelayTls {
  /** `asClient`: what the client speaks, as a proxy does that was not told. */
  readonly upstream: 'tls' | 'plain' | 'asClient'
  readonly accept: AcceptTerms
  readonly dial: DialTerms
}

export interface Sides {
  readonly client: Socket
  readonly server: Socket
}

/**
 * Waits for the first byte of either side, and speaks TLS where it is spoken. `told` is called for each side that is
 * secured. On failure, one sentence, and nothing is left open.
 */
export async function interpose(
  { client, server }: Sides,
  target: Address,
  { upstream, accept, dial }: RelayTls,
  told: (facts: TlsFacts) => void,
): Promise<Result<Sides>> {
  const byClient = await beginsTls(client, server)
  const accepted = byClient ? await secureToClient(client, target.host, accept) : null
  if (accepted?.ok === false) {
    resetSocket(server)
    return accepted
  }
  if (accepted) told(accepted.value.facts)
  const sides = { client: accepted?.value.socket ?? client, server }
  if (upstream === 'plain' || (upstream === 'asClient' && !byClient)) return success(sides)
  // A proxy's client names the server it means; one that was told to come here names the tap.
  const name = (upstream === 'asClient' && accepted?.value.facts.sni) || target.host
  const dialled = await secureToServer(server, { name, at: target }, dial)
  if (!dialled.ok) {
    resetSocket(sides.client)
    return dialled
  }
  told(dialled.value.facts)
  return success({ ...sides, server: dialled.value.socket })
}

/** A server that speaks first speaks no TLS, so nobody waits for the other in vain. */
async function beginsTls(client: Socket, server: Socket): Promise<boolean> {
  while (isSilent(client) && isSilent(server)) await moreOf(client, server)
  const first: Buffer | null = client.readableLength > 0 ? client.read(1) : null
  if (first) client.unshift(first)
  return first?.[0] === handshakeRecord
}

function isSilent(socket: Socket): boolean {
  return socket.readableLength === 0 && !socket.readableEnded && !socket.destroyed
}
