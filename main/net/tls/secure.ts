// TLS on a connected socket, from either side. What is sent over it is the plain text of a lane: its end is a
// close_notify and a FIN, its reset the reset of the TCP connection below.
import { isIP, type Socket } from 'node:net'
import { connect, rootCertificates, TLSSocket } from 'node:tls'
import type { Address } from '../../../shared/capture/record.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'
import { carry, resetSocket } from '../sockets.ts'
import type { Identities } from './authority.ts'
import { chainOf, type TlsFacts, tlsFacts } from './facts.ts'
import { acceptProblem, dialTlsProblem, isAlert } from './sentences.ts'

/** Takes each line of a key log, with its line feed: https://datatracker.ietf.org/doc/draft-ietf-tls-keylogfile/. */
export type KeyLog = (line: Uint8Array) => void

/** How TLS is spoken to servers. */
export interface DialTerms {
  /** Goes on whatever is wrong with the server's certificates. */
  readonly insecure: boolean
  /** More authorities to trust, as PEM. */
  readonly ca?: string
  readonly keyLog?: KeyLog
}

/** How TLS is spoken to clients. */
export interface AcceptTerms {
  /** Asked when a client first speaks TLS: nothing is made for those who never do. */
  readonly identities: () => Promise<Result<Identities>>
  readonly keyLog?: KeyLog
  /** A client turned the certificate down after the handshake, as one sentence. */
  onProblem(sentence: string): void
}

export interface Secured {
  readonly socket: Socket
  readonly facts: TlsFacts
}

/** Milliseconds for a handshake: who connects and then says nothing does not hold a socket for ever. */
const handshakeDeadline = 10_000

/** WebSockets begin as HTTP/1.1, RFC 6455 §4.1: nothing else is offered or agreed to. RFC 7301 §6 has the name. */
const alpn = ['http/1.1']

/** The type of a TLS record that holds a handshake message, RFC 8446 §5.1: what a client's first byte is. */
export const handshakeRecord = 0x16

/** Speaks TLS to a server called `name` on a socket that is connected to it. On failure the socket is reset. */
export async function secureToServer(
  raw: Socket,
  { name, at }: { readonly name: string; readonly at: Address },
  { insecure, ca, keyLog }: DialTerms,
): Promise<Result<Secured>> {
  const sni = isIP(name) ? null : name // RFC 6066 §3: an address is no server name
  const socket = connect({
    socket: raw,
    host: name,
    ...(sni !== null && { servername: sni }),
    ALPNProtocols: alpn,
    rejectUnauthorized: !insecure,
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
  })
  carry(raw, socket)
  if (keyLog) socket.on('keylog', keyLog)
  const problem = await handshake(socket, 'secureConnect')
  if (problem) {
    resetSocket(socket)
    return failure(dialTlsProblem(problem, name, at))
  }
  return success({ socket, facts: tlsFacts(socket, { side: 'server', sni, chain: chainOf(socket) }) })
}

/**
 * Speaks TLS to a client on a socket just accepted, as the server it asks for by name, or as `otherwise` when it names
 * none. On failure the socket is reset.
 */
export async function secureToClient(raw: Socket, otherwise: string, terms: AcceptTerms): Promise<Result<Secured>> {
  const { identities, keyLog, onProblem } = terms
  const opened = await identities()
  if (!opened.ok) {
    resetSocket(raw)
    return opened
  }
  let sni: string | null = null
  let shown = await opened.value.identityOf(otherwise)
  const asked = async (name: string) => {
    sni = name
    shown = await opened.value.identityOf(name.toLowerCase())
    return shown.context
  }
  const socket = new TLSSocket(raw, {
    isServer: true,
    secureContext: shown.context,
    ALPNProtocols: alpn,
    SNICallback: (name, done) => void asked(name).then((context) => done(null, context), done),
  })
  carry(raw, socket)
  if (keyLog) socket.on('keylog', keyLog)
  const problem = await handshake(socket, 'secure')
  if (problem) {
    resetSocket(socket)
    return failure(acceptProblem(problem))
  }
  // In TLS 1.3 a client judges our certificate after we are done: its refusal comes as an alert, RFC 8446 §6.2.
  socket.once('error', (error) => isAlert(error) && onProblem(acceptProblem(error)))
  return success({ socket, facts: tlsFacts(socket, { side: 'client', sni, chain: shown.chain }) })
}

/** Why there is no TLS; null when there is. */
function handshake(socket: TLSSocket, done: 'secure' | 'secureConnect'): Promise<Error | null> {
  return new Promise((resolve) => {
    const settle = (problem: Error | null) => {
      clearTimeout(timer)
      socket.off('error', settle)
      resolve(problem)
    }
    const timer = setTimeout(() => settle(new Error('the handshake took too long')), handshakeDeadline)
    socket.on('error', settle)
    socket.once('close', () => settle(new Error('the connection was closed during the handshake')))
    socket.once(done, () => settle(null))
  })
}
