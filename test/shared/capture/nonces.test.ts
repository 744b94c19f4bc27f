// Nonces that come again in another connection of a session.
import { describe, expect, it } from 'vitest'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { RecordOf } from '../../../shared/capture/record.ts'
import { conversations } from './logs.ts'
import { openCapture } from './opened.ts'
import { topologyOf } from './topology.ts'

/** The same conversation on connection after connection. */
function captureOf(
  store: ReturnType<typeof createMemoryStore>,
  ...opened: readonly Partial<RecordOf<'open'>>[]
): Capture {
  const capture = createCapture(store)
  for (const [connection, more] of opened.entries()) {
    const of = { time: connection, connection } as const
    const crossing = { ...of, lane: 'clientToServer', bytes: conversations.rfc6455.clientToServer } as const
    capture.append({ kind: 'open', ...of, topology: topologyOf(connection), ...more })
    capture.append({ kind: 'sent', ...crossing })
    capture.append({ kind: 'delivered', ...crossing })
  }
  return capture
}

const repeatedIn = ({ connections }: Pick<Capture, 'connections'>) =>
  connections.map(({ faults }) => faults.flatMap(({ code, found }) => (code === 'head.nonce-repeated' ? [found] : [])))

describe('the nonce of a request', () => {
  const found = 'dGhlIHNhbXBsZSBub25jZQ==, as in connection 0'

  it('is said to be that of another connection of the session, while it is recorded and when it is opened', () => {
    const store = createMemoryStore()
    const capture = captureOf(store, { dialect: 'rfc6455' }, { dialect: 'rfc6455' })
    expect(repeatedIn(capture)).toEqual([[], [found]])
    const opened = openCapture(store)
    expect(opened.ok && repeatedIn(opened.value)).toEqual([[], [found]])
  })

  it('is its own where a connection is read again because its request told its dialect', () => {
    expect(repeatedIn(captureOf(createMemoryStore(), {}))).toEqual([[]])
  })

  it('may be the same on every leg of a chain', () => {
    const legs = [0, 1].map((leg) => ({ dialect: 'rfc6455', via: ['relay'], leg }) as const)
    expect(repeatedIn(captureOf(createMemoryStore(), ...legs))).toEqual([[], []])
  })
})
