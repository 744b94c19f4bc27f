// A service with many sessions of every dialect for a while: nothing lost, nothing out of order, nothing left behind, and
// attacks that no other session notices.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { hostService, type ServiceHost } from '../../main/services/hostService.ts'
import { seededRandom } from '../../shared/bytes/random.ts'
import { dialects } from '../../shared/dialects/registry.ts'
import { type Attack, type AttackReport, flood, oversized, slowHandshakes } from './attacks.ts'
import { type GuestOptions, type Visit, visit } from './guest.ts'
import { loadService } from './load.ts'

export interface SoakOptions {
  readonly sessions: number
  /** How long they talk; or how much each says, as fast as it can. */
  readonly load: { readonly seconds: number } | { readonly messages: number }
  /** Milliseconds a client may take to ask. */
  readonly handshakeTimeout: number
  /** Whether the heap is measured and judged: for a process that does nothing else. */
  readonly looksAtHeap: boolean
  /** Told of every step, in a few words. */
  tell(line: string): void
}

/** Milliseconds that half, and 99 of 100, echoes took at most. */
export interface Delays {
  readonly count: number
  readonly median: number
  readonly p99: number
}

export interface SoakReport {
  /** Sessions that were open at once, at most; those of attackers are among them. */
  readonly peak: number
  readonly visits: number
  readonly messages: number
  readonly ticks: number
  readonly quiet: Delays
  readonly underAttack: Delays
  /** Bytes of heap in use before and after, garbage collected; null when nobody looked. */
  readonly heap: { readonly before: number; readonly after: number } | null
  readonly attacks: Readonly<Record<AttackName, AttackReport>>
  /** Everything that is not as it has to be, a sentence each. */
  readonly problems: readonly string[]
}

export type AttackName = 'flood' | 'slow handshakes' | 'oversized messages'

/** The heap may have grown by this share when all is closed. */
const growth = 0.1
const mostMessage = 1024 * 1024
/** Milliseconds between two messages of a session, on average, where the soak has a time. */
const pace = 600
/** One session in so many, of every dialect in turn, leaves after some messages and is replaced. */
const leaving = 11
const messagesOfLeaving = 10

export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  if (!options.looksAtHeap) return { ...(await round(options)), heap: null }
  options.tell(`warming up with ${options.sessions} sessions`)
  // What grows once and stays, such as compiled code and the tables of the runtime, is there after a round like the real one.
  await round({ ...options, load: { messages: 5 }, tell: () => {} })
  const before = await heapInUse()
  const found = await round(options)
  const after = await heapInUse()
  const leaks =
    after > before * (1 + growth) ? [`The heap has ${after} bytes when all is closed, and had ${before}.`] : []
  return { ...found, heap: { before, after }, problems: [...found.problems, ...leaks] }
}

type Round = Omit<SoakReport, 'heap'>

async function round(options: SoakOptions): Promise<Round> {
  const { sessions, load, handshakeTimeout, tell } = options
  const problems: string[] = []
  const limits = {
    maxConnections: sessions + 64,
    maxMessageSize: mostMessage,
    maxBuffered: 1024 * 1024,
    handshakeTimeout,
  }
  const onProblem = (sentence: string) => void problems.push(sentence)
  const hosted = await hostService(loadService(Math.max(100, sessions)), {
    dialect: 'auto',
    compress: {},
    ...limits,
    onProblem,
  })
  if (!hosted.ok) throw new Error(hosted.error)
  const host = hosted.value
  const delays = { quiet: createDelays(), underAttack: createDelays() }
  const crowd = createCrowd(host, options, (milliseconds) =>
    delays[attacks.under ? 'underAttack' : 'quiet'].add(milliseconds),
  )
  const attacks = createAttacks(host)
  const talking = crowd.talk()
  await crowd.everybodyIsThere
  tell('all sessions are open')
  if ('seconds' in load) await wait((load.seconds * 1000) / 4)
  tell('attacking')
  attacks.begin()
  await attacks.met
  if ('seconds' in load) await wait((load.seconds * 1000) / 2)
  attacks.end()
  tell('the attacks are over')
  if ('seconds' in load) await wait((load.seconds * 1000) / 4)
  else await crowd.everythingIsSaid
  crowd.finish()
  const visits = await talking
  await host.close()
  tell('all sessions are closed')
  problems.push(...problemsOf(visits, host, delays.underAttack.count))
  const sum = (of: (visit: Visit) => number) => visits.reduce((total, each) => total + of(each), 0)
  return {
    peak: crowd.peak,
    visits: visits.length,
    messages: sum(({ ledger }) => ledger.echoed),
    ticks: sum(({ ledger }) => ledger.ticks),
    quiet: delays.quiet.summary(),
    underAttack: delays.underAttack.summary(),
    attacks: attacks.reports(),
    problems,
  }
}

function problemsOf(visits: readonly Visit[], host: ServiceHost, underAttack: number): string[] {
  const wrong = visits.flatMap(({ ledger, ended }) => ledger.wrong ?? ended ?? [])
  const left = host.sessions.size
  return [
    ...wrong.slice(0, 10).map((what) => `A session: ${what}.`),
    ...(wrong.length > 10 ? [`${wrong.length - 10} more sessions had something wrong.`] : []),
    ...(left > 0 ? [`${left} sessions are left when all are closed.`] : []),
    ...(underAttack === 0 ? ['No session got an echo under attack.'] : []),
  ]
}

/** All sessions. Some leave early and are replaced, the others stay until it is over. */
function createCrowd(host: ServiceHost, { sessions, load }: SoakOptions, echoed: (milliseconds: number) => void) {
  const [most, pause] = 'messages' in load ? [load.messages, 0] : [Number.POSITIVE_INFINITY, pace]
  const there = createFlag()
  const said = createFlag()
  const stays = sessions - Math.ceil(sessions / leaving)
  let finished = false
  let echoes = 0
  let peak = 0
  const looking = setInterval(() => {
    peak = Math.max(peak, host.sessions.size)
    if (host.sessions.size >= stays) there.raise()
  }, 20)

  function countOne(leaves: boolean, milliseconds: number): void {
    echoed(milliseconds)
    if (!leaves && ++echoes >= stays * most) said.raise()
  }

  async function slot(index: number): Promise<Visit[]> {
    const leaves = index % leaving === 0
    const options: GuestOptions = {
      url: host.url,
      dialect: dialects[index % dialects.length]!,
      compressed: index % 3 === 0,
      random: seededRandom(index),
      ...{ leaves, messages: leaves ? messagesOfLeaving : most, pace: pause },
      over: () => finished,
      echoed: (milliseconds) => countOne(leaves, milliseconds),
    }
    const visits: Visit[] = []
    do {
      visits.push(await visit(options))
    } while (!finished && visits.at(-1)!.ended === null)
    return visits
  }

  return {
    get peak() {
      return peak
    },
    everybodyIsThere: there.raised,
    everythingIsSaid: said.raised,
    talk: async () => (await Promise.all(Array.from({ length: sessions }, (_, index) => slot(index)))).flat(),
    finish() {
      finished = true
      clearInterval(looking)
    },
  }
}

function createFlag() {
  let raise = () => {}
  const raised = new Promise<void>((resolve) => {
    raise = resolve
  })
  return { raised, raise: () => raise() }
}

function createAttacks({ address }: ServiceHost) {
  const none: AttackReport = { made: 0, ended: 0, bytes: 0 }
  let running: Readonly<Record<AttackName, Attack>> | null = null
  let ended: Readonly<Record<AttackName, AttackReport>> = {
    flood: none,
    'slow handshakes': none,
    'oversized messages': none,
  }
  return {
    get under() {
      return running !== null
    },
    get met() {
      return Promise.all(Object.values(running!).map(({ met }) => met))
    },
    begin() {
      running = {
        flood: flood(address),
        'slow handshakes': slowHandshakes(address, 40),
        'oversized messages': oversized(address),
      }
    },
    end() {
      const stopped = Object.entries(running!).map(([name, attack]) => [name, attack.stop()])
      ended = Object.fromEntries(stopped) as typeof ended
      running = null
    },
    reports: () => ended,
  }
}

/** Counts by millisecond, so that any number of them takes no room. */
function createDelays() {
  const counts = new Uint32Array(60_000)
  let count = 0
  /** The milliseconds that this share of all took at most. */
  function share(part: number): number {
    let seen = 0
    for (let milliseconds = 0; milliseconds < counts.length; milliseconds++) {
      seen += counts[milliseconds]!
      if (seen >= count * part) return milliseconds
    }
    return counts.length
  }
  return {
    get count() {
      return count
    },
    add(milliseconds: number) {
      counts[Math.min(counts.length - 1, Math.round(milliseconds))]! += 1
      count += 1
    },
    summary: (): Delays => ({ count, median: share(0.5), p99: share(0.99) }),
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** After collecting garbage until that frees nothing more. */
async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) {
    await wait(100) // what is closed is let go of in turns of its own
    collect()
    least = Math.min(least, process.memoryUsage().heapUsed)
  }
  return least
}
