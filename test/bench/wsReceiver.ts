// The receiver inside `ws`: exported, but without types of its own.
import type { Writable } from 'node:stream'
import * as ws from 'ws'

export type WsReceiver = Writable & { on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void }

type Constructor = new (options: { readonly isServer: boolean }) => WsReceiver

/** The receiving half of a `ws` server's connection, after its handshake. */
export function createWsReceiver(): WsReceiver {
  const { Receiver } = ws as unknown as { readonly Receiver: Constructor }
  return new Receiver({ isServer: true })
}
