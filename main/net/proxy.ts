// Both sides of an HTTP proxy. CONNECT asks it to join the client with a server, and from its 2xx on it passes bytes,
// RFC 9110 §9.3.6. A request in absolute form names its server too, RFC 9112 §3.2.2, and is passed on as it is, since
// servers have to take that form; but for one line, when it does not ask to switch protocols: the next request may name
// another server.
import type { Socket } from 'node:net'
import { encodeLatin1 } from '../../shared/bytes/ascii.ts'
import { concat } from '../../shared/bytes/concat.ts'
import { encodeUtf8 } from '../../shared/bytes/utf8.ts'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address } from '../../shared/capture/record.ts'
import { fieldNamed, findHeadEnd, type Head, parseHead, statusOf } from '../../shared/handshake/head.ts'
import { parseUrl } from '../../shared/handshake/urls.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { dial, moreOf, resetSocket } from './sockets.ts'

/** Bytes of a head before it is given up. */
const headLimit = 16_384

/** Reads `http://host:port`; 80 when it names no port. */
export function readProxyUrl(text: string): Result<Address> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:') return failure(`"${text}" is no HTTP proxy: write http://host:port.`)
  if (url.username !== '' || url.password !== '') {
    return failure(`"${text}" names a user, and Wirestep does not log in to proxies: leave out the part before @.`)
  }
  return success({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || '80') })
}

/** Dials `target`, through the proxy when there is one. As `dial`: nothing of what the target sends was read yet. */
export async function dialVia(
  proxy: Address | undefined,
  target: Address,
  sockets: Set<Socket>,
): Promise<Result<Socket>> {
  const dialled = await dial(proxy ?? target, sockets)
  if (!proxy) return dialled
  if (!dialled.ok) return failure(`The proxy cannot be reached. ${dialled.error}`)
  const refusal = await askToConnect(dialled.value, target)
  if (refusal === null) return dialled
  resetSocket(dialled.value)
  return failure(`The proxy ${formatAddress(proxy)} ${refusal}`)
}

/** Answers why the proxy does not join us with the target, as the rest of a sentence; null when it does. */
async function askToConnect(socket: Socket, target: Address): Promise<string | null> {
  const authority = formatAddress(target)
  socket.write(encodeLatin1(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`))
  const bytes = await readToHeadEnd(socket)
  const end = findHeadEnd(bytes, 0, bytes.length)
  if (end < 0) {
    return bytes.length > headLimit
      ? `answers with more than ${headLimit} bytes of head: check that it is an HTTP proxy.`
      : 'ended the connection before it answered: check that it is an HTTP proxy.'
  }
  const status = statusOf(parseHead(bytes.subarray(0, end), 'response'))
  if (status === null) return 'does not answer in HTTP: check that it is an HTTP proxy.'
  if (status < 200 || status > 299) return `answers ${status} and does not let us through to ${authority}.`
  if (end < bytes.length) socket.unshift(bytes.subarray(end))
  return null
}

/** What came up to the read that brought the end of a head, or was too much, or the last. */
async function readToHeadEnd(socket: Socket): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0)
  while (findHeadEnd(bytes) < 0 && bytes.length <= headLimit && !socket.readableEnded && !socket.destroyed) {
    const part: Buffer | null = socket.read()
    if (part) bytes = concat(bytes, part)
    else await moreOf(socket)
  }
  return bytes
}

/** What a client asks a proxy for. */
export interface Asked {
  readonly target: Address
  /** What was changed in the request, as a sentence; null when nothing was. */
  readonly changed: string | null
  /** To be called when the target is reached, and before anything else is done with the client's socket. */
  reached(): void
  /** Tells the client that it is not, and why, and closes. */
  refuse(sentence: string): void
}

/**
 * Reads from a socket just accepted where its client wants to go. A failure has been answered with 400 or 403. `own` is
 * where the proxy itself listens: it does not connect to itself.
 */
export async function readAsked(client: Socket, own: Address): Promise<Result<Asked>> {
  const bytes = await readToHeadEnd(client)
  const end = findHeadEnd(bytes)
  const asked = end < 0 ? null : targetOf(parseHead(bytes.subarray(0, end), 'request'))
  if (asked === null) {
    const says = 'The client did not ask for a server as clients of a proxy do: by CONNECT, or with an absolute URL.'
    return turnDown(client, '400 Bad Request', says)
  }
  const { target, isConnect, isOneOf } = asked
  if (target.port === own.port && (target.host === own.host || loopbackNames.has(target.host))) {
    const says = `The client asked for ${formatAddress(target)}, which is this tap itself.`
    return turnDown(client, '403 Forbidden', says)
  }
  // Put back at once: a stream whose end has been told takes nothing back any more.
  const rest = isConnect ? bytes.subarray(end) : isOneOf ? askToClose(bytes, end) : bytes
  if (rest.length > 0) client.unshift(rest)
  const reached = () => {
    if (isConnect) client.write(encodeLatin1('HTTP/1.1 200 Connection established\r\n\r\n'))
  }
  const refuse = (sentence: string) => answerAndEnd(client, '502 Bad Gateway', sentence)
  return success({ target, changed: isOneOf ? closing : null, reached, refuse })
}

const closing =
  'This request is one of several a client may have for a proxy, and the next may name another server: the tap wrote "Connection: close" into it, so that each comes on a connection of its own.'

/** What a proxy's client asks of it about the connection ends at the proxy, RFC 9110 §7.6.1. */
function askToClose(bytes: Uint8Array, headEnd: number): Uint8Array {
  const blank = parseHead(bytes.subarray(0, headEnd), 'request').blank.start
  return concat(bytes.subarray(0, blank), encodeLatin1('Connection: close\r\n'), bytes.subarray(blank))
}

function turnDown(client: Socket, status: string, says: string): Result<never> {
  answerAndEnd(client, status, says)
  return failure(says)
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::'])

interface Wanted {
  readonly target: Address
  readonly isConnect: boolean
  /** It does not ask to switch protocols: when it has been answered, another one may come. */
  readonly isOneOf: boolean
}

function targetOf(head: Head): Wanted | null {
  const { startLine } = head
  const isConnect = startLine.first.text === 'CONNECT'
  const text = startLine.second.text
  // A client that reaches a WebSocket server through a proxy without CONNECT may write either scheme.
  const url = parseUrl(isConnect ? `ws://${text}` : text.replace(/^http:/i, 'ws:'))
  if (!url.ok || url.value.secure) return null
  const { host, port } = url.value
  return { target: { host, port }, isConnect, isOneOf: !isConnect && fieldNamed(head, 'upgrade') === undefined }
}

function answerAndEnd(client: Socket, status: string, sentence: string): void {
  const body = encodeUtf8(`${sentence}\n`)
  const fields = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close`
  client.resume().end(concat(encodeLatin1(`HTTP/1.1 ${status}\r\n${fields}\r\n\r\n`), body))
}
