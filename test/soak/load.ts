// What the sessions of a soak say, and what is made of what comes back: numbered messages that a server echoes, and
// numbered ticks that it sends to everyone. A number that is missing, twice or early is a fault of what is between.
import { type Data, defineService, type Service } from '../../main/services/service.ts'
import { pickFrom, randomInteger } from '../../shared/bytes/random.ts'

export type Random = (count: number) => Uint8Array

/** Echoes, and ticks for everyone every `interval` milliseconds. */
export function loadService(interval: number): Service<undefined> {
  let timer: NodeJS.Timeout | undefined
  let tick = 0
  return defineService({
    start: (host) => {
      timer = setInterval(() => host.broadcast(`tick ${++tick}`), interval)
    },
    stop: () => clearInterval(timer),
    message: (session, data) => session.send(data),
  })
}

/** Lengths as real services have them: most short, some long, few very long. */
const lengths = [16, 16, 16, 60, 60, 125, 126, 200, 200, 1000, 4000, 8000, 40_000]

/** Message `number`, of text or bytes; its beginning and its end tell the number. */
export function message(number: number, random: Random, binary: boolean): Data {
  const length = pickFrom(random, lengths)
  const text = `${number} ${String.fromCharCode(97 + (number % 26)).repeat(length)} ${number}`
  return binary && randomInteger(random, 4) === 0 ? Buffer.from(text) : text
}

/** What a session is owed, and what was wrong with what came. */
export interface Ledger {
  readonly owed: Data[]
  readonly sentAt: number[]
  echoed: number
  ticks: number
  /** The first thing that was wrong; null while nothing was. */
  wrong: string | null
}

export function createLedger(): Ledger & { take(data: Data, now: number): number | null } {
  let lastTick = 0
  const ledger = { owed: [] as Data[], sentAt: [] as number[], echoed: 0, ticks: 0, wrong: null as string | null, take }

  function tick(number: number): void {
    if (lastTick > 0 && number !== lastTick + 1) ledger.wrong ??= `tick ${number} came after tick ${lastTick}`
    lastTick = number
    ledger.ticks += 1
  }

  /** Answers how many milliseconds an echo took; null for a tick. */
  function take(data: Data, now: number): number | null {
    const number = typeof data === 'string' ? /^tick (\d+)$/.exec(data)?.[1] : undefined
    if (number !== undefined) {
      tick(Number(number))
      return null
    }
    const due = ledger.owed.shift()
    if (due === undefined) ledger.wrong ??= `${beginning(data)} came, and nothing was due`
    else if (!isSame(due, data)) ledger.wrong ??= `${beginning(data)} came where ${beginning(due)} was due`
    ledger.echoed += 1
    return now - (ledger.sentAt.shift() ?? now)
  }

  return ledger
}

function isSame(one: Data, other: Data): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  return Buffer.compare(one, other) === 0
}

function beginning(data: Data): string {
  return `"${(typeof data === 'string' ? data : Buffer.from(data).toString('latin1')).slice(0, 12)}"`
}
