// A service on one endpoint: events in, the service's wishes out as actions.
import type { Action, EndpointEvent } from '../../shared/endpoint/types.ts'
import type { Result } from '../../shared/ipc/result.ts'
import type { Message, Service, Session } from './service.ts'

/** Answers what is to be called with every event of the endpoint. `act` performs an action at the endpoint. */
export function serveSession(service: Service, act: (action: Action) => Result<void>): (event: EndpointEvent) => void {
  let session: Session | null = null
  return (event) => {
    if (event.kind === 'open') {
      session = createSession(event, act)
      service.open?.(session)
    }
    if (session === null) return
    if (event.kind === 'message') service.message?.(session, event)
    if (event.kind === 'close') service.close?.(session)
  }
}

function createSession(
  { resource, subprotocol }: Extract<EndpointEvent, { kind: 'open' }>,
  act: (action: Action) => Result<void>,
): Session {
  return {
    resource,
    ...(subprotocol === undefined ? {} : { subprotocol }),
    send: (message) => act(sendingOf(message)).ok,
    close: () => act({ kind: 'close' }).ok,
  }
}

function sendingOf(message: Message): Action {
  return message.type === 'text'
    ? { kind: 'sendText', text: message.text }
    : { kind: 'sendBinary', bytes: message.bytes }
}
