// Dialling through an HTTP proxy: CONNECT asks it to join us with the server, and from its 2xx on it passes bytes
// (RFC 9110 §9.3.6).
import type { Socket } from 'node:net'
import { encodeLatin1 } from '../../shared/bytes/ascii.ts'
import { concat } from '../../shared/bytes/concat.ts'
import type { Address } from '../../shared/capture/record.ts'
import { findHeadEnd, parseHead, statusOf } from '../../shared/handshake/head.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { formatAddress } from './sentences.ts'
import { dial, resetSocket } from './sockets.ts'

/** Bytes of an answer's head before it is given up. */
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
  const bytes = await readAnswer(socket)
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
async function readAnswer(socket: Socket): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0)
  while (findHeadEnd(bytes) < 0 && bytes.length <= headLimit && !socket.readableEnded && !socket.destroyed) {
    const part: Buffer | null = socket.read()
    if (part) bytes = concat(bytes, part)
    else await moreOf(socket)
  }
  return bytes
}

/** Settles when there is more to read, or never will be. */
function moreOf(socket: Socket): Promise<void> {
  const signs = ['readable', 'end', 'close']
  return new Promise((resolve) => {
    const seen = () => {
      for (const sign of signs) socket.off(sign, seen)
      resolve()
    }
    for (const sign of signs) socket.on(sign, seen)
  })
}
