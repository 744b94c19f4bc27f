// A service on one endpoint: events in, the service's wishes out as actions.

import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { RequestFacts } from '../../shared/endpoint/requestFacts.ts'
import type { Action, EndpointEvent, Message } from '../../shared/endpoint/types.ts'
import { failure, type Result } from '../../shared/ipc/result.ts'
import { closeWith } from '../net/closeWith.ts'
import { abilitiesOf } from './abilities.ts'
import { guarded, tellError } from './guard.ts'
import type { Data, Service, Session } from './service.ts'

/** What a session stands on. */
export interface SessionGround<State> extends Pick<Session<State>, 'id' | 'host'> {
  /** Bytes that may wait for a client before sending to it fails. */
  readonly maxBuffered: number
  /** Known before the session opens, as the next two are. */
  dialect(): Dialect
  remote(): Address
  request(): RequestFacts
  /** Bytes that wait for the client now. */
  buffered(): number
  act(action: Action): Result<void>
  opened(session: Session<State>): void
  closed(session: Session<State>): void
  onProblem(sentence: string): void
}

/** Answers what is to be called with every event of the endpoint. */
export function serveSession<State>(
  service: Service<State>,
  ground: SessionGround<State>,
): (event: EndpointEvent) => void {
  let session: Session<State> | null = null
  function call(of: Session<State>, callback: () => unknown): void {
    guarded(callback, (error) => {
      tellError(service, error, of, ground.onProblem)
      // RFC 6455 §7.4.1: a condition the server did not expect.
      of.close(1011, 'the service failed')
    })
  }
  function open(protocol: string): void {
    guarded(
      () => {
        session = createSession(ground, protocol, service.state())
      },
      (error) => {
        tellError(service, error, null, ground.onProblem)
        ground.act({ kind: 'close' })
      },
    )
    if (session === null) return
    const opened: Session<State> = session
    ground.opened(opened)
    call(opened, () => service.open?.(opened))
  }
  return (event) => {
    if (event.kind === 'open') open(event.subprotocol ?? '')
    const current = session
    if (current === null) return
    if (event.kind === 'message') {
      call(current, () => tellMessage(service, current, event))
    }
    if (event.kind !== 'close') return
    session = null
    ground.closed(current)
    const { kind, ...how } = event
    call(current, () => service.close?.(current, how))
  }
}

function createSession<State>(ground: SessionGround<State>, protocol: string, state: State): Session<State> {
  const { id, remote, host, maxBuffered, request, buffered, act } = ground
  const dialect = ground.dialect()
  const can = abilitiesOf(dialect)
  return {
    ...{ id, host, protocol, state, can },
    remote: remote(),
    dialect: dialect.id,
    resource: request().resource,
    origin: request().origin,
    get bufferedAmount() {
      return buffered()
    },
    send: (data) =>
      buffered() > maxBuffered
        ? failure(`${buffered()} bytes wait for session ${id}, more than ${maxBuffered}: send less, or close it.`)
        : act(sendingOf(data)),
    ping: () => (can.ping ? act({ kind: 'ping', bytes: new Uint8Array(0) }) : failure(`${dialect.name} has no pings.`)),
    close: (code, reason) => closeWith(act, dialect, code, reason),
  }
}

function tellMessage<State>(service: Service<State>, session: Session<State>, message: Message): unknown {
  return service.rawMessage ? service.rawMessage(session, message) : service.message?.(session, dataOf(message))
}

/** What a message carries. */
export function dataOf({ type, bytes }: Message): Data {
  return type === 'text' ? decodeUtf8(bytes) : bytes
}

/** The action that sends a message, or passes one on that was received. */
export function sendingOf(data: Data | Message): Action {
  if (typeof data === 'string') return { kind: 'sendText', text: data }
  if (data instanceof Uint8Array) return { kind: 'sendBinary', bytes: data }
  return { kind: data.type === 'text' ? 'sendUtf8' : 'sendBinary', bytes: data.bytes }
}
