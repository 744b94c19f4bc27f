// An HTTP/1.1 reverse proxy that forwards Upgrade, RFC 9110 §7.8, and passes bytes on from the 101 on. Before that it reads
// HTTP and nothing else: bytes behind a request that has no body begin the next request. hixie-76 §1.3 puts eight bytes
// there that belong to this one.
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { statusOf } from '../handshake/head.ts'
import { bodyLength, ownAnswer, readHead, withVia } from './http.ts'
import { answerAndEnd, gather, type Intermediary, type NodeOutput, takeFirst, type Waiting } from './intermediary.ts'

interface Proxy {
  readonly out: NodeOutput
  /** `request`: none is under way. `response`: one is. `tunnel`: it was upgraded. `over`: it gave up. */
  stage: 'request' | 'response' | 'tunnel' | 'over'
  readonly requests: Waiting
  readonly responses: Waiting
  /** What is left of a body that is passed on. */
  readonly body: Record<Lane, number>
}

export function createReverseProxy(out: NodeOutput): Intermediary {
  const none = () => ({ bytes: new Uint8Array(0) })
  const proxy: Proxy = {
    ...{ out, stage: 'request', requests: none(), responses: none() },
    body: { clientToServer: 0, serverToClient: 0 },
  }
  return {
    take: (lane, bytes) => (lane === 'clientToServer' ? takeFromClient(proxy, bytes) : takeFromServer(proxy, bytes)),
    takeEnd: (lane) => {
      if (proxy.stage !== 'over') out.end(lane)
    },
  }
}

function takeFromClient(proxy: Proxy, bytes: Uint8Array): void {
  const { out, requests, stage } = proxy
  switch (stage) {
    case 'over':
      return
    case 'tunnel':
      out.pass('clientToServer', bytes)
      return
    case 'request':
    case 'response':
      gather(requests, bytes)
      passBody(proxy, 'clientToServer', requests)
      if (stage === 'response') sayKept(proxy)
      else forwardRequest(proxy)
      return
    default:
      unreachable(stage)
  }
}

function forwardRequest(proxy: Proxy): void {
  const { out, requests, body } = proxy
  if (requests.bytes.length === 0) return
  const read = readHead(requests.bytes, 'request')
  if (read.kind === 'more') return
  if (read.kind === 'none') {
    out.say('What comes now is no HTTP request: the proxy answers 400 and closes.')
    giveUp(proxy, '400 Bad Request')
    return
  }
  out.pass('clientToServer', withVia(takeFirst(requests, read.size)))
  body.clientToServer = bodyLength(read.head)
  proxy.stage = 'response'
  passBody(proxy, 'clientToServer', requests)
  sayKept(proxy)
}

function passBody({ out, body }: Proxy, lane: Lane, waiting: Waiting): void {
  const due = Math.min(body[lane], waiting.bytes.length)
  if (due === 0) return
  body[lane] -= due
  out.pass(lane, takeFirst(waiting, due))
}

function sayKept({ out, requests: { bytes } }: Proxy): void {
  if (bytes.length === 0) return
  out.say(
    `The request announces no body, so the ${bytes.length} bytes behind it are not part of it: the proxy keeps them as the start of the next request.`,
  )
}

function takeFromServer(proxy: Proxy, bytes: Uint8Array): void {
  const { out, responses, stage } = proxy
  if (stage === 'over') return
  if (stage === 'tunnel') {
    out.pass('serverToClient', bytes)
    return
  }
  gather(responses, bytes)
  passBody(proxy, 'serverToClient', responses)
  forwardResponse(proxy)
}

function forwardResponse(proxy: Proxy): void {
  const { out, responses, body } = proxy
  if (responses.bytes.length === 0) return
  const read = readHead(responses.bytes, 'response')
  if (read.kind === 'more') return
  if (read.kind === 'none') {
    out.say('What comes from the server is no HTTP response: the proxy answers 502 and closes.')
    giveUp(proxy, '502 Bad Gateway')
    return
  }
  out.pass('serverToClient', withVia(takeFirst(responses, read.size)))
  if (statusOf(read.head) === 101) {
    openTunnel(proxy)
    return
  }
  body.serverToClient = bodyLength(read.head)
  passBody(proxy, 'serverToClient', responses)
  if ((statusOf(read.head) ?? 0) < 200) return // RFC 9110 §15.2: the answer itself is still to come
  proxy.stage = 'request'
  forwardRequest(proxy)
}

/** From here on bytes pass. What the request parser has begun to read stays with it. */
function openTunnel(proxy: Proxy): void {
  const { out, requests, responses } = proxy
  proxy.stage = 'tunnel'
  if (requests.bytes.length > 0) {
    out.say(
      `The 101 makes this connection a tunnel; the ${requests.bytes.length} bytes stay with the request parser, and the server waits for them for ever.`,
    )
  }
  if (responses.bytes.length > 0) out.pass('serverToClient', takeFirst(responses, responses.bytes.length))
}

function giveUp(proxy: Proxy, status: string): void {
  proxy.stage = 'over'
  answerAndEnd(proxy.out, 'client', ownAnswer(status))
}
