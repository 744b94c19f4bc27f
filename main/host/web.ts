// The browser host: the same window on 127.0.0.1, for one browser. A one-time token in the first URL becomes a cookie,
// without which there is no window; the bridge needs it, and our own origin too.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Result, success } from '../../shared/ipc/result.ts'
import { serveBridge } from './bridge.ts'
import type { Host } from './host.ts'
import { closeHttp, forbidUpgrade, listenHttp, loopback, writePage } from './loopbackHttp.ts'
import { isForPanes, openPages, type Page, type Pages, plainPage, securityHeaders } from './pages.ts'

export interface WebHost {
  /** With the token in it: works once. */
  readonly url: string
  readonly origin: string
  close(): Promise<void>
}

export interface WebOptions {
  readonly host: Host
  /** The built renderer. */
  readonly folder: string
  readonly port?: number
}

export const bridgePath = '/bridge'

/** Starts serving the window. Fails with a sentence when the port cannot be had. */
export async function serveWeb({ host, folder, port = 0 }: WebOptions): Promise<Result<WebHost>> {
  const server = createServer()
  const listening = await listenHttp(server, port)
  if (!listening.ok) return listening
  const address = `${loopback}:${listening.value}`
  const origin = `http://${address}`
  const headers = securityHeaders(`ws://${address}`)
  const door = createDoor(listening.value)
  const pages = openPages(folder, headers)
  const bridges = new Set<Duplex>()
  server.on('request', (request, response) => {
    void answer(request, address, door, pages, headers).then((page) => writePage(response, page))
  })
  server.on('upgrade', (request, socket, head) => {
    if (!mayBridge(request, address, origin, door)) return forbidUpgrade(socket)
    bridges.add(socket)
    socket.once('close', () => bridges.delete(socket))
    serveBridge({ host, request, socket, head, url: `ws://${address}${bridgePath}`, origin })
  })
  return success({ url: `${origin}/?token=${door.token}`, origin, close: () => closeHttp(server, bridges) })
}

interface Door {
  readonly token: string
  /** Takes the token, once; answers the Set-Cookie value, or null when it was used or is wrong. */
  enter(token: string): string | null
  isInside(request: IncomingMessage): boolean
}

/** Cookies do not know ports, so the cookie's name does: two hosts on one machine do not lock each other out. */
function createDoor(port: number): Door {
  const token = randomBytes(32).toString('base64url')
  const key = randomBytes(32).toString('base64url')
  const name = `wirestep-${port}`
  let used = false
  return {
    token,
    enter: (given) => {
      if (used || !same(given, token)) return null
      used = true
      return `${name}=${key}; HttpOnly; SameSite=Strict; Path=/`
    },
    isInside: (request) => same(readCookie(request, name), key),
  }
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function readCookie(request: IncomingMessage, name: string): string {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

type Headers = Readonly<Record<string, string>>

async function answer(
  request: IncomingMessage,
  address: string,
  door: Door,
  pages: Pages,
  headers: Headers,
): Promise<Page> {
  // A page of another site that had its name rebound to 127.0.0.1 still sends its own name here.
  if (request.headers.host !== address) return plainPage(403, headers, `Wirestep answers only as ${address}.`)
  if (request.method !== 'GET') return plainPage(405, headers, 'Only GET is answered here.')
  const url = new URL(request.url ?? '/', `http://${address}`)
  const token = url.searchParams.get('token')
  const cookie = token === null ? null : door.enter(token)
  if (cookie) return redirect(headers, { 'set-cookie': cookie })
  // Requests of a page without an origin bring no cookie.
  if (!isForPanes(url.pathname) && !door.isInside(request)) {
    return plainPage(
      403,
      headers,
      'This link was used already, or is not complete: start Wirestep again and open the link it prints.',
    )
  }
  // A token must not stay in the address bar.
  return token === null ? pages.read(url.pathname) : redirect(headers, {})
}

function redirect(headers: Headers, more: Headers): Page {
  return { status: 303, headers: { ...headers, ...more, location: '/' }, body: new Uint8Array() }
}

function mayBridge(request: IncomingMessage, address: string, origin: string, door: Door): boolean {
  const { host, origin: from } = request.headers
  return request.url === bridgePath && host === address && from === origin && door.isInside(request)
}
