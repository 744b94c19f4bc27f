// One session of a soak at its client's end: it sends, waits, and keeps count, until it is told to leave.
import { type ClientConnection, connectEndpoint } from '../../main/net/client.ts'
import { abilitiesOf } from '../../main/services/abilities.ts'
import { dataOf, sendingOf } from '../../main/services/session.ts'
import { randomInteger } from '../../shared/bytes/random.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import { createLedger, type Ledger, message, type Random } from './load.ts'

export interface GuestOptions {
  readonly url: string
  readonly dialect: Dialect
  readonly compressed: boolean
  readonly random: Random
  /** Messages that it sends at most. */
  readonly messages: number
  /** Whether it leaves after these; else it stays until it is over. */
  readonly leaves: boolean
  /** Milliseconds between two messages, on average; 0: as fast as the echoes come. */
  readonly pace: number
  /** Once true, nothing more is sent, and it leaves when all echoes are there. */
  over(): boolean
  /** Told of every echo. */
  echoed(milliseconds: number): void
}

export interface Visit {
  readonly ledger: Ledger
  /** How it ended when that was not as it should be. */
  readonly ended: string | null
}

/** Messages on their way at once. */
const most = 3

/** Settles when the connection is closed. Fails only by what it answers. */
export async function visit(options: GuestOptions): Promise<Visit> {
  const { url, dialect, compressed } = options
  const ledger = createLedger()
  let guest: Guest | null = null
  let opened = false
  let closed: Extract<EndpointEvent, { kind: 'close' }> | null = null
  const dialled = await connectEndpoint({
    url,
    dialect,
    ...(compressed && { compress: {} }),
    onEvent(event) {
      if (event.kind === 'open') {
        opened = true
        queueMicrotask(() => guest?.talk())
      }
      if (event.kind === 'message') {
        const milliseconds = ledger.take(dataOf(event), performance.now())
        if (milliseconds !== null) options.echoed(milliseconds)
        guest?.talk()
      }
      if (event.kind === 'close') closed = event
    },
  })
  if (!dialled.ok) return { ledger, ended: dialled.error }
  guest = createGuest(dialled.value, ledger, options)
  guest.talk()
  await dialled.value.closed
  guest.rest()
  const ended = endOf(closed, ledger)
  const when = opened ? `after ${ledger.echoed} echoes` : 'before it was open'
  return { ledger, ended: ended && `${dialect.id}, ${ended} ${when}` }
}

function endOf(closed: Extract<EndpointEvent, { kind: 'close' }> | null, { owed }: Ledger): string | null {
  if (owed.length > 0) return `closed with ${owed.length} messages lost`
  return closed?.clean ? null : 'closed without a closing handshake'
}

interface Guest {
  /** Sends what may be sent now; leaves when there is nothing more to say. */
  talk(): void
  /** Stops its clock. */
  rest(): void
}

function createGuest(connection: ClientConnection, ledger: Ledger, options: GuestOptions): Guest {
  const { dialect, random, pace, messages, leaves, over } = options
  const can = abilitiesOf(dialect)
  let sent = 0
  let timer: NodeJS.Timeout | null = null

  function say(): void {
    const data = message(++sent, random, can.binary)
    ledger.owed.push(data)
    ledger.sentAt.push(performance.now())
    connection.act(sendingOf(data))
    if (can.ping && sent % 50 === 0) connection.act({ kind: 'ping', bytes: Buffer.from(`${sent}`) })
  }

  function talk(): void {
    if (connection.state !== 'OPEN') return
    const isDone = sent >= messages
    if (over() || (leaves && isDone)) {
      if (ledger.owed.length === 0) connection.act({ kind: 'close' })
    } else if (isDone) return
    else if (pace === 0) while (ledger.owed.length < most && sent < messages) say()
    else timer ??= setTimeout(sayLater, randomInteger(random, 2 * pace))
  }

  function sayLater(): void {
    timer = null
    if (!over() && connection.state === 'OPEN' && ledger.owed.length < most) say()
    talk()
  }

  return { talk, rest: () => timer && clearTimeout(timer) }
}
