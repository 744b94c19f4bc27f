// What stands behind a WebSocketDraft in Node: a client of ours on a socket. The host uses it too, for the pages it
// bridges for.
import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import {
  type DraftConnection,
  type DraftEvent,
  type DraftRequest,
  type DraftTransport,
  failedClose,
} from '../../shared/draft/transport.ts'
import type { EndpointState } from '../../shared/endpoint/endpoint.ts'
import type { EndpointEvent, Message, Step } from '../../shared/endpoint/types.ts'
import type { Result } from '../../shared/ipc/result.ts'
import { type ClientConnection, connectEndpoint } from '../net/client.ts'
import { closeWith } from '../net/closeWith.ts'

/** Bytes of messages that may wait for their listeners before the socket is not read on. */
const mostUntaken = 1024 * 1024

/** A message that was written and whose bytes the system has not taken yet. */
interface Unsent {
  readonly upTo: number
  readonly size: number
}

/** @param origin what the client says it comes from; dialects that have to say something say the server's own otherwise */
export function createSocketTransport(origin?: string): DraftTransport {
  return (request, tell) => connect(request, tell, origin)
}

function connect(request: DraftRequest, tell: (event: DraftEvent) => void, origin?: string): DraftConnection {
  const dialect = dialectById(request.dialect)
  const giveUp = new AbortController()
  const unsent: Unsent[] = []
  let client: ClientConnection | null = null
  let untaken = 0
  let opened = false
  let broken = false
  let over = false

  // Each event in a task of its own, as listeners are used to: promises settle in between.
  const later = (event: DraftEvent) => void setImmediate(tell, event)

  function end(event: DraftEvent): void {
    if (!over) later(event)
    over = true
  }

  function take(event: EndpointEvent): void {
    if (event.kind === 'open') {
      opened = true
      later({ kind: 'open', protocol: event.subprotocol ?? '', extensions: event.extensions ?? '' })
    } else if (event.kind === 'message') takeMessage(event)
    else if (event.kind === 'close') {
      const { clean, code = clean ? 1005 : 1006, reason = '' } = event
      end({ kind: 'close', clean, code, reason, failed: !opened || broken })
    }
  }

  function follow({ events, transitions }: Step<EndpointState>): void {
    if (transitions.some(({ trigger }) => trigger === 'fault')) broken = true
    events.forEach(take)
    if (!over && transitions.some(({ trigger, from }) => trigger === 'receiveClose' && from === 'OPEN')) {
      later({ kind: 'closing' })
    }
  }

  function takeMessage({ type, bytes }: Message): void {
    untaken += bytes.length
    if (untaken > mostUntaken) client?.read(false)
    later({ kind: 'message', data: type === 'text' ? decodeUtf8(bytes) : bytes })
  }

  function written(sent: number): void {
    while (unsent[0] && unsent[0].upTo <= sent) later({ kind: 'sent', size: unsent.shift()!.size })
  }

  function connected(result: Result<ClientConnection>): void {
    if (result.ok) client = result.value
    else end(failedClose(result.error))
  }

  void connectEndpoint({
    url: request.url,
    dialect,
    signal: giveUp.signal,
    ...(origin !== undefined && { origin }),
    ...(request.compress && { compress: {} }),
    ...(request.protocols.length > 0 && { subprotocols: request.protocols }),
    onStep: follow,
    onWritten: written,
  }).then(connected)

  return {
    send: (data, size) => {
      const sent = client?.act(
        typeof data === 'string' ? { kind: 'sendText', text: data } : { kind: 'sendBinary', bytes: data },
      )
      if (sent?.ok) unsent.push({ upTo: client!.sent, size })
    },
    close: (code, reason) => {
      if (client) closeWith(client.act, dialect, code, reason)
    },
    abort: () => {
      broken = true
      giveUp.abort()
    },
    took: (size) => {
      untaken = Math.max(0, untaken - size)
      if (untaken <= mostUntaken) client?.read(true)
    },
  }
}
