// WebSocketDraft for web pages of others: its script, and a bridge that answers for sockets and for nothing else. Let in are
// pages of the origins that were named: a browser says which page asks, and no page can say otherwise.
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { checkRequest, isDraftRequest } from '../../shared/ipc/schemas.ts'
import { serveBridge } from './bridge.ts'
import { createDraftSockets } from './draftSockets.ts'
import type { PageLink, PageOptions } from './host.ts'
import { closeHttp, forbidUpgrade, listenHttp, loopback, writePage } from './loopbackHttp.ts'
import { openPages, type Page, type Pages, plainPage, scriptHeaders } from './pages.ts'
import { bridgePath } from './web.ts'

export interface DraftWebOptions {
  /** The built renderer: the script is in it. */
  readonly folder: string
  /** 0 takes a free one. */
  readonly port: number
  /** As browsers write them: `https://example.com`, with the port where it is not the scheme's own. */
  readonly origins: readonly string[]
}

export interface DraftWeb {
  /** What a page loads as a module. */
  readonly script: string
  close(): Promise<void>
}

const scriptPath = '/draft.js'

/** Starts serving the script and the bridge. Fails with a sentence when the port cannot be had. */
export async function serveDraft({ folder, port, origins }: DraftWebOptions): Promise<Result<DraftWeb>> {
  const server = createServer()
  const listening = await listenHttp(server, port)
  if (!listening.ok) return listening
  const address = `${loopback}:${listening.value}`
  const pages = openPages(folder, scriptHeaders)
  const bridges = new Set<Duplex>()
  server.on('request', (request, response) => {
    void answer(request, address, pages).then((page) => writePage(response, page))
  })
  server.on('upgrade', (request, socket, head) => {
    const { host, origin } = request.headers
    const mayIn = request.url === bridgePath && host === address && origin !== undefined && origins.includes(origin)
    if (!mayIn) return forbidUpgrade(socket)
    bridges.add(socket)
    socket.once('close', () => bridges.delete(socket))
    serveBridge({ host: { connect: linkSockets }, request, socket, head, url: `ws://${address}${bridgePath}`, origin })
  })
  return success({ script: `http://${address}${scriptPath}`, close: () => closeHttp(server, bridges) })
}

/** The script and what it imports are files of the program, the same for everybody. */
async function answer({ headers, method, url = '/' }: IncomingMessage, address: string, pages: Pages): Promise<Page> {
  // A page of another site that had its name rebound to 127.0.0.1 still sends its own name here.
  if (headers.host !== address) return plainPage(403, scriptHeaders, `Wirestep answers only as ${address}.`)
  if (method !== 'GET') return plainPage(405, scriptHeaders, 'Only GET is answered here.')
  if (url === scriptPath || url.startsWith('/assets/')) return pages.read(url)
  return plainPage(404, scriptHeaders, `Only ${scriptPath} is served here.`)
}

/** A page that has sockets, and can ask for nothing else. */
function linkSockets({ origin, tell }: PageOptions): PageLink {
  const sockets = createDraftSockets(origin, tell)
  const handle = async (method: unknown, payload: unknown): Promise<Result<unknown>> => {
    const request = checkRequest(method, payload)
    if (!request.ok) return request
    return isDraftRequest(request.value)
      ? sockets.answer(request.value)
      : failure('A page has sockets here, and nothing else.')
  }
  return { handle, renew: sockets.abortAll, close: sockets.abortAll }
}
