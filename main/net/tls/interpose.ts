// TLS on both sides of a relay: with the client when its first byte is TLS, with the server as the relay is told.
import type { Socket } from 'node:net'
import type { Address } from '../../../shared/capture/record.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { moreOf, resetSocket } from '../sockets.ts'
import type { TlsFacts } from './facts.ts'
import { type AcceptTerms, type DialTerms, handshakeRecord, secureToClient, secureToServer } from './secure.ts'

export interface RelayTls {
  /** Null: clients are plain. */
  readonly accept: AcceptTerms | null
  /** Null: the server is plain, and so only clients that speak TLS are let in. `asClient`: it is what the client speaks, as it is for a proxy. */
  readonly dial: (DialTerms & { readonly when: 'always' | 'asClient' }) | null
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
  { accept, dial }: RelayTls,
  told: (facts: TlsFacts) => void,
): Promise<Result<Sides>> {
  const byClient = accept !== null && (await beginsTls(client, server))
  if (!byClient && dial === null)
    return refuse({ client, server }, 'A client spoke no TLS: ask for this port with wss://.')
  const accepted = byClient ? await secureToClient(client, target.host, accept) : null
  if (accepted?.ok === false) return refuse({ client, server }, accepted.error)
  if (accepted) told(accepted.value.facts)
  const sides = { client: accepted?.value.socket ?? client, server }
  if (dial === null || (dial.when === 'asClient' && !byClient)) return success(sides)
  // A proxy's client names the server it means; one that was told to come here names the tap.
  const name = (dial.when === 'asClient' && accepted?.value.facts.sni) || target.host
  const dialled = await secureToServer(server, { name, at: target }, dial)
  if (!dialled.ok) return refuse(sides, dialled.error)
  told(dialled.value.facts)
  return success({ ...sides, server: dialled.value.socket })
}

function refuse({ client, server }: Sides, sentence: string): Result<Sides> {
  resetSocket(client)
  resetSocket(server)
  return failure(sentence)
}

/** A server that speaks first speaks no TLS, so nobody waits for the other in vain. */
async function beginsTls(client: Socket, server: Socket): Promise<boolean> {
  while (isSilent(client) && isSilent(server)) await moreOf(client, server)
  // All of it: a byte put back alone is a read of its own, and no dissector knows a request by its first letter.
  const first: Buffer | null = client.readableLength > 0 ? client.read() : null
  if (first) client.unshift(first)
  return first?.[0] === handshakeRecord
}

function isSilent(socket: Socket): boolean {
  return socket.readableLength === 0 && !socket.readableEnded && !socket.destroyed
}
