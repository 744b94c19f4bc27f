// A caching proxy of the kind that Huang, Chen, Barth, Rescorla and Jackson attacked in "Talking to Yourself for Fun and
// Profit" (W2SP 2011): it stands in the way unasked, does not know Upgrade, and goes on looking for requests and responses
// in what passes. A line that looks like a GET is one, whoever wrote it; the Host field says whose answer is kept. So a page
// and its own server can put words into the mouth of any other server, unless the bytes of the page are masked.
import type { Lane } from '../bytes/lanes.ts'
import { fieldNamed, findHeadEnd, type Head, type HeadKind, parseHead, statusOf } from '../handshake/head.ts'
import { bodyLength } from './http.ts'
import { gather, headLimit, type Intermediary, type NodeOutput, takeFirst, type Waiting } from './intermediary.ts'

/** A response that is kept, whole, by the URL it is taken to answer. */
export type CacheStore = Map<string, Uint8Array>

/** Responses kept at most; older ones go. */
const mostKept = 64
const longestBody = 65_536

const requestLine = /^GET (\/[^ ]*) HTTP\/1\.[01]$/
const statusLine = /^HTTP\/1\.[01] 200( .*)?$/

interface Cache {
  readonly out: NodeOutput
  readonly store: CacheStore
  readonly lanes: Readonly<Record<Lane, Waiting>>
  /** URLs that were asked for and not answered yet, the oldest first. */
  readonly asked: string[]
  /** Nothing of this connection went to the server yet: it can be answered from the store. */
  fresh: boolean
  over: boolean
}

/** `store` is what the cache keeps, for all its connections. */
export function createCache(out: NodeOutput, store: CacheStore): Intermediary {
  const none = () => ({ bytes: new Uint8Array(0) })
  const lanes = { clientToServer: none(), serverToClient: none() }
  const cache: Cache = { out, store, lanes, asked: [], fresh: true, over: false }
  return {
    take: (lane, bytes) => {
      if (cache.over) return
      gather(lanes[lane], bytes)
      if (lane === 'clientToServer') takeFromClient(cache, bytes)
      else takeFromServer(cache, bytes)
    },
    takeEnd: (lane) => {
      if (!cache.over) out.end(lane)
    },
  }
}

function takeFromClient(cache: Cache, bytes: Uint8Array): void {
  const { out, store, lanes, asked, fresh } = cache
  for (const { head } of messagesIn(lanes.clientToServer, 'request')) {
    const url = urlOf(head)
    const kept = fresh ? store.get(url) : undefined
    if (kept) {
      answerFromStore(cache, url, kept)
      return
    }
    if (!isUpgrade(head)) {
      asked.push(url)
      out.say(`This looks like a request for ${url}: the cache waits for the answer.`)
    }
  }
  cache.fresh = false
  out.pass('clientToServer', bytes)
}

function answerFromStore({ out, lanes }: Cache, url: string, kept: Uint8Array): void {
  out.say(`${url} is answered from the cache; the server is not asked.`)
  lanes.clientToServer.bytes = new Uint8Array(0)
  out.pass('serverToClient', kept)
}

function takeFromServer({ out, store, lanes, asked }: Cache, bytes: Uint8Array): void {
  for (const { head, response } of messagesIn(lanes.serverToClient, 'response')) {
    if (statusOf(head) !== 200) continue
    const url = asked.shift()
    if (url === undefined) continue
    keep(store, url, response)
    out.say(keptSentence(url))
  }
  out.pass('serverToClient', bytes)
}

/** What a cache says when it keeps an answer. */
export function keptSentence(url: string): string {
  return `This looks like the answer: the cache keeps it for everybody who asks for ${url}.`
}

function keep(store: CacheStore, url: string, response: Uint8Array): void {
  store.delete(url)
  store.set(url, response)
  const [oldest] = store.keys()
  if (store.size > mostKept && oldest !== undefined) store.delete(oldest)
}

function urlOf(head: Head): string {
  return `http://${fieldNamed(head, 'host')?.value.text ?? ''}${head.startLine.second.text}`
}

function isUpgrade(head: Head): boolean {
  return fieldNamed(head, 'upgrade') !== undefined
}

interface Found {
  readonly head: Head
  /** The head and the body it announces. */
  readonly response: Uint8Array
}

/** Takes what looks like whole messages out of what is waiting; lines that begin none are skipped. */
function* messagesIn(waiting: Waiting, kind: HeadKind): Generator<Found> {
  for (;;) {
    const start = startOf(waiting.bytes, kind)
    if (start > 0) takeFirst(waiting, start)
    if (waiting.bytes.length > headLimit + longestBody) takeFirst(waiting, waiting.bytes.length)
    const size = isStart(waiting.bytes, kind) ? findHeadEnd(waiting.bytes) : -1
    if (size < 0) return
    const head = parseHead(waiting.bytes.subarray(0, size), kind)
    const whole = size + Math.min(bodyLength(head), longestBody)
    if (waiting.bytes.length < whole) return
    yield { head, response: takeFirst(waiting, whole) }
  }
}

const lf = 0x0a

/** Where the first line begins that begins a message, or else the last line, which is not whole yet. */
function startOf(bytes: Uint8Array, kind: HeadKind): number {
  let at = 0
  while (!isStart(bytes.subarray(at), kind)) {
    const end = bytes.indexOf(lf, at)
    if (end < 0) return at
    at = end + 1
  }
  return at
}

function isStart(bytes: Uint8Array, kind: HeadKind): boolean {
  const end = bytes.indexOf(lf)
  if (end < 0) return false
  const line = String.fromCharCode(...bytes.subarray(0, Math.min(end, 2048))).replace(/\r$/, '')
  return (kind === 'request' ? requestLine : statusLine).test(line)
}
