// The built window as files by URL path, and the headers they are served with; the same for both hosts.
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Pages {
  /** The file at a URL path such as `/assets/index.js`; `/` is the window itself, `/pages/chat/` a pane of it. Unknown paths answer 404. */
  read(path: string): Promise<Page>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

type Headers = Readonly<Record<string, string>>

const own = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
}

/** `connect` names what the window may open a connection to: the bridge of the browser host, or nothing. */
export function securityHeaders(connect: string): Headers {
  const policy = { ...own, 'connect-src': connect, 'frame-src': "'self'", 'frame-ancestors': "'none'" }
  return headersWith(policy, 'DENY')
}

/** A page in a pane has no origin and connects to nobody, also where it is opened by itself. See docs/decisions/0009. */
const paneHeaders = headersWith(
  { ...own, 'connect-src': "'none'", 'frame-ancestors': "'self'", sandbox: 'allow-scripts allow-forms' },
  'SAMEORIGIN',
)

/** Scripts for pages of any origin. */
export const scriptHeaders: Headers = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

function headersWith(policy: Headers, framing: string): Headers {
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, value]) => `${directive} ${value}`)
      .join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': framing,
    'cache-control': 'no-store',
  }
}

const panes = '/pages/'
const assets = '/assets/'

/** What a page in a pane is made of: files of the program, and nothing of the person who uses it. */
export function isForPanes(path: string): boolean {
  return path.startsWith(panes) || path.startsWith(assets)
}

function headersFor(path: string, headers: Headers): Headers {
  if (path.startsWith(panes)) return paneHeaders
  // A page without an origin may load them too.
  return path.startsWith(assets) ? { ...headers, 'access-control-allow-origin': '*' } : headers
}

/** Only what is in `folder` now can ever be read: a path is looked up in a list, never joined to one. */
export function openPages(folder: string, headers: Headers): Pages {
  const files = new Map(listFiles(folder, '').map((path) => [path, join(folder, path)]))
  async function read(path: string): Promise<Page> {
    const name = path.endsWith('/') ? `${path}index.html` : path
    const file = files.get(name)
    if (file === undefined) return plainPage(404, headers, 'There is no such page.')
    const type = types[extname(name)] ?? 'application/octet-stream'
    const body = new Uint8Array(await readFile(file))
    return { status: 200, headers: { ...headersFor(name, headers), 'content-type': type }, body }
  }
  return { read }
}

export function plainPage(status: number, headers: Headers, sentence: string): Page {
  const body = new TextEncoder().encode(`${sentence}\n`)
  return { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body }
}

function listFiles(folder: string, under: string): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = `${under}/${entry.name}`
    return entry.isDirectory() ? listFiles(folder, path) : [path]
  })
}
