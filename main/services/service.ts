// What a server does for those who connect, told in messages: it never sees frames.

export type Message =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'binary'; readonly bytes: Uint8Array }

/** One open connection, as its service sees it. */
export interface Session {
  readonly resource: string
  readonly subprotocol?: string
  /** Whether it was sent: not once the connection is closing. */
  send(message: Message): boolean
  /** Starts the closing handshake. Answers whether it did: not once the connection is closing. */
  close(): boolean
}

export interface Service {
  open?(session: Session): void
  message?(session: Session, message: Message): void
  close?(session: Session): void
}
