// Services of ours on real sockets, and clients of ours to talk to them.

import { onTestFinished } from 'vitest'
import { type ClientConnection, connectEndpoint } from '../../../main/net/client.ts'
import { type HostOptions, hostService } from '../../../main/services/hostService.ts'
import type { Data, Service } from '../../../main/services/service.ts'
import { dataOf } from '../../../main/services/session.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import type { Action, EndpointEvent } from '../../../shared/endpoint/types.ts'
import { must } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'

/** Hosts a service until the test ends. What nobody else is told is in `problems`. */
export async function hosted<State>(service: Service<State>, options: HostOptions = {}) {
  const problems: string[] = []
  const host = must(await hostService(service, { onProblem: (sentence) => problems.push(sentence), ...options }))
  onTestFinished(() => host.close())
  return { host, problems }
}

export interface Guest {
  readonly connection: ClientConnection
  readonly events: readonly EndpointEvent[]
  /** What came, in order. */
  readonly messages: readonly Data[]
  say(data: Data): void
  /** Closes and settles when the connection is closed. */
  leave(): Promise<void>
}

export interface GuestOptions {
  readonly dialect?: DialectId
  readonly path?: string
  readonly origin?: string
  readonly subprotocols?: readonly string[]
}

/** Connects, and settles when it is open or refused. */
export async function visit(url: string, options: GuestOptions = {}): Promise<Guest> {
  const { dialect = 'rfc6455', path = '', origin = 'http://example.com', subprotocols } = options
  const events: EndpointEvent[] = []
  const messages: Data[] = []
  const connection = must(
    await connectEndpoint({
      url: url + path,
      dialect: dialectById(dialect),
      origin,
      ...(subprotocols && { subprotocols }),
      onEvent: (event) => {
        events.push(event)
        if (event.kind === 'message') messages.push(dataOf(event))
      },
    }),
  )
  onTestFinished(connection.destroy)
  await until(() => events.some(({ kind }) => kind === 'open' || kind === 'close'))
  return {
    ...{ connection, events, messages },
    say: (data) => must(connection.act(sending(data))),
    leave: () => {
      must(connection.act({ kind: 'close' }))
      return connection.closed
    },
  }
}

function sending(data: Data): Action {
  return typeof data === 'string' ? { kind: 'sendText', text: data } : { kind: 'sendBinary', bytes: data }
}
