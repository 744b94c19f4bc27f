import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { initiatorLetter } from '../../../shared/endpoint/closeBodies.ts'
import {
  createObserver,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../../../shared/endpoint/observer.ts'
import type { Receiver } from '../../../shared/endpoint/receiver.ts'
import { firstState, isFinal, nextState, tableFor } from '../../../shared/endpoint/tables.ts'
import type { Action, StateName, TableRow, Trigger } from '../../../shared/endpoint/types.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { hashedMask } from '../../../shared/framing/frameMask.ts'
import { applyMask } from '../../../shared/framing/mask.ts'
import {
  doAct,
  envOf,
  give,
  giveEnd,
  openPair,
  type Pair,
  type Peer,
  pairOf,
  pass,
  peerOf,
  refusalOf,
  settle,
} from './peers.ts'

const machines = dialects.flatMap((dialect) =>
  roles.map((role) => ({ name: dialect.name, dialect, role, table: tableFor(dialect, role) })),
)

function reachable(table: readonly TableRow[], role: Role): Set<StateName> {
  const seen = new Set<StateName>([firstState(role)])
  for (const state of seen) for (const { from, to } of table) if (from === state) seen.add(to)
  return seen
}

describe.each(machines)('the $role of $name', ({ dialect, role, table }) => {
  it('has one row at most for a trigger in a state', () => {
    const keys = table.map(({ from, trigger }) => `${from} ${trigger}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('has no state that cannot be reached, and none that cannot be left but the two final ones', () => {
    const states = reachable(table, role)
    for (const { from } of table) expect(states).toContain(from)
    for (const state of states) expect(table.some(({ from }) => from === state)).toBe(!isFinal(state))
  })

  it('comes to an end from every state when both streams end', () => {
    for (const state of reachable(table, role)) {
      if (!isFinal(state)) expect(isFinal(nextState(table, state, 'sendEnd')!)).toBe(true)
    }
  })

  it('opens only by a proof of the other side, or by answering 101 where no proof is due', () => {
    const into = table.filter(({ from, to }) => to === 'OPEN' && from !== 'OPEN').map(({ trigger }) => trigger)
    const heads = { client: 'receiveResponse', server: 'sendResponse' } as const
    const proofs = {
      none: heads,
      keyNumbers: { client: 'receiveChallenge', server: 'receiveChallenge' },
      hello: { client: 'receiveHello', server: 'receiveHello' },
      acceptHash: heads,
      acceptHashAndNonce: heads,
    } as const
    expect(into).toEqual([proofs[dialect.handshake.challenge][role]])
  })

  it('sends no data after its own close frame', () => {
    for (const state of ['CLOSE_SENT', 'CLOSE_CROSSED', 'CLOSE_DONE'] as const) {
      expect(nextState(table, state, 'sendData')).toBeUndefined()
      expect(nextState(table, state, 'sendPing')).toBeUndefined()
    }
  })

  it('is closed cleanly only by way of CLOSE_DONE', () => {
    const into = table.filter(({ to }) => to === 'CLOSE_DONE').map(({ from }) => from)
    expect(new Set(into)).toEqual(new Set(dialect.closeBody === 'none' ? [] : ['CLOSE_SENT', 'CLOSE_RECEIVED']))
  })

  it('explains and cites every row', () => {
    for (const { says, cite } of table) {
      expect(says).toMatch(/^[A-Z].*\.$/)
      expect(cite).toMatch(/^(RFC 6455|hello-00|hybi-\d\d|hixie-7[56]) §\d/)
    }
  })

  it('is the same table every time', () => {
    expect(tableFor(dialect, role)).toBe(table)
  })

  it('makes every move of its table in some session', () => {
    const moving = table.filter(({ from, to }) => from !== to).map(keyOf)
    expect([...walked(dialect, role)].sort()).toEqual(expect.arrayContaining([...moving].sort()))
  })
})

describe.each(machines)('the application at the $role of $name', ({ dialect, role, table }) => {
  const all: readonly [Trigger, Action][] = [
    ['sendData', { kind: 'sendText', text: 'x' }],
    ['sendPing', { kind: 'ping', bytes: new Uint8Array(1) }],
    ['sendPong', { kind: 'pong', bytes: new Uint8Array(1) }],
    ['sendClose', { kind: 'close' }],
    ['sendEnd', { kind: 'end' }],
    ['timeout', { kind: 'timeout' }],
  ]
  // Where there is no close frame, closing is ending the stream.
  const wants = all.filter(([trigger]) => dialect.closeBody !== 'none' || trigger !== 'sendClose')

  it('may do what the table has a row for, in every state an endpoint rests in, and nothing else', () => {
    const seen = new Set<StateName>()
    for (const make of resting(dialect, role)) {
      for (const [trigger, action] of wants) {
        const peer = make()
        seen.add(peer.state.name)
        const row = nextState(table, peer.state.name, trigger)
        expect([peer.state.name, trigger, refusalOf(peer, action) === null]).toEqual([
          peer.state.name,
          trigger,
          row !== undefined,
        ])
      }
    }
    const passing = [
      'REQUEST_RECEIVED',
      'CLOSE_RECEIVED',
      'CLOSE_CROSSED',
      ...(role === 'server' ? ['CLOSE_DONE'] : []),
    ]
    expect([...seen].sort()).toEqual([...reachable(table, role)].filter((state) => !passing.includes(state)).sort())
  })
})

/**
 * Bytes that break a rule wherever they come, behind a masking key too: no head, no proof, nothing to continue, a length
 * nobody can skip.
 */
const junk = Uint8Array.of(0x80, ...new Uint8Array(9).fill(0xff), ...new Uint8Array(10))

/** The same for a receiver that unmasks with a hash. */
function junkFor({ role, agreed: { connectionKey } }: Receiver): Uint8Array {
  if (role === 'client' || connectionKey === null) return junk
  const nonce = new Uint8Array(4)
  return concat(nonce, applyMask(Uint8Array.of(0x73, 0), hashedMask(nonce, connectionKey)))
}

const keyOf = ({ from, trigger, to }: { from: string; trigger: string; to: string }) => `${from} ${trigger} ${to}`

/** Every move that a set of sessions makes at one end: endpoints of ours, and observers of ends that are not. */
function walked(dialect: (typeof dialects)[number], role: Role): Set<string> {
  const moves = new Set<string>()
  const peers: Peer[] = []
  const watch = (peer: Peer) => {
    peers.push(peer)
    return peer
  }
  for (const session of sessions(dialect, role)) session(watch, moves)
  for (const { transitions } of peers) for (const move of transitions) if (move.role === role) moves.add(keyOf(move))
  return moves
}

type Session = (watch: (peer: Peer) => Peer, moves: Set<string>) => void

/** A pair in every state it can be held in: `steps` lets that many chunks through. */
function held(dialect: (typeof dialects)[number], steps: number): Pair {
  const pair = pairOf(dialect)
  if (steps > 0) doAct(pair.client, { kind: 'open' })
  if (steps > 1) pass(pair.client, pair.server)
  return pair
}

/** Peers in every state an endpoint can be found in between two steps, made anew each time. */
function resting(dialect: (typeof dialects)[number], role: Role): (() => Peer)[] {
  const makers = [
    ...[0, 1, 2].map((steps) => () => held(dialect, steps)[role]),
    () => openPair(dialect)[role],
    () => closing(dialect, role),
    () => over(dialect, role),
    () => failed(dialect, role),
  ]
  if (role === 'client') makers.push(() => done(dialect))
  const { challenge } = dialect.handshake
  if (role === 'client' && (challenge === 'hello' || challenge === 'keyNumbers')) makers.push(() => afterHead(dialect))
  if (role === 'server' && challenge === 'keyNumbers') makers.push(() => withoutKey3(dialect))
  return makers
}

function over(dialect: (typeof dialects)[number], role: Role): Peer {
  const peer = openPair(dialect)[role]
  giveEnd(peer)
  return peer
}

function failed(dialect: (typeof dialects)[number], role: Role): Peer {
  const peer = openPair(dialect)[role]
  give(peer, junkFor(peer.state.receiver))
  return peer
}

function sessions(dialect: (typeof dialects)[number], role: Role): Session[] {
  const all: Session[] = []
  for (const make of resting(dialect, role)) {
    all.push(
      (watch) => void giveEnd(watch(make())),
      (watch) => tryAct(watch(make()), { kind: 'end' }),
      (watch) => tryAct(watch(make()), { kind: 'timeout' }),
      (watch) => {
        const peer = watch(make())
        give(peer, junkFor(peer.state.receiver))
      },
      (watch) => give(watch(make()), new Uint8Array(20000).fill(0x0a)),
    )
  }
  all.push(
    (watch) => close(watch, dialect, role),
    (watch) => close(watch, dialect, role === 'client' ? 'server' : 'client', role),
    (watch) => crossed(watch, dialect, role),
    (watch) => early(watch, dialect, role),
    (watch) => refused(watch, dialect, role),
    (_, moves) => strange(moves, dialect, role),
  )
  return all
}

function tryAct(peer: Peer, action: Action): void {
  if (refusalOf(peer, action) === null) doAct(peer, action)
}

function closing(dialect: (typeof dialects)[number], role: Role): Peer {
  const peer = openPair(dialect)[role]
  doAct(peer, { kind: 'close' })
  return peer
}

function done(dialect: (typeof dialects)[number]): Peer {
  const { client, server } = openPair(dialect)
  doAct(server, { kind: 'close' })
  pass(server, client)
  return client
}

function afterHead(dialect: (typeof dialects)[number]): Peer {
  const { client, server } = held(dialect, 2)
  pass(server, client, Buffer.from(server.sent).indexOf('\r\n\r\n') + 4)
  return client
}

function withoutKey3(dialect: (typeof dialects)[number]): Peer {
  const { client, server } = held(dialect, 1)
  pass(client, server, client.sent.length - 8)
  return server
}

function close(watch: (peer: Peer) => Peer, dialect: (typeof dialects)[number], role: Role, of: Role = role): void {
  const pair = openPair(dialect)
  watch(pair[of])
  doAct(pair[role], { kind: 'close' })
  settle(pair)
}

function crossed(watch: (peer: Peer) => Peer, dialect: (typeof dialects)[number], role: Role): void {
  const pair = openPair(dialect)
  watch(pair[role])
  const [one, two] = closesOf(dialect)
  doAct(pair.client, one)
  doAct(pair.server, two)
  settle(pair)
}

/** Two closes, different where the dialect has room for a difference. */
function closesOf({ closeBody }: (typeof dialects)[number]): readonly [Action, Action] {
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
      return [{ kind: 'close' }, { kind: 'close' }]
    case 'opaqueEchoed':
    case 'initiatorLetter':
      return [
        { kind: 'close', body: Uint8Array.of(1) },
        { kind: 'close', body: Uint8Array.of(2) },
      ]
    case 'codeAndReason':
      return [
        { kind: 'close', code: 1000 },
        { kind: 'close', code: 1001 },
      ]
  }
}

/** What they carry. */
function bodiesOf({ closeBody }: (typeof dialects)[number], role: Role): readonly [number[], number[]] {
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
      return [[], []]
    case 'opaqueEchoed':
      return [[1], [2]]
    case 'initiatorLetter':
      return [[initiatorLetter(role === 'client' ? 'server' : 'client')], [initiatorLetter(role)]]
    case 'codeAndReason':
      return [
        [3, 232],
        [3, 233],
      ]
  }
}

/** How much of its bytes a client sends before it waits for an answer. */
function askingSize({ handshake }: (typeof dialects)[number], own: Uint8Array): number {
  return Buffer.from(own).indexOf('\r\n\r\n') + 4 + (handshake.challenge === 'keyNumbers' ? 8 : 0)
}

/** A server that closes before the client has proved itself. */
function early(watch: (peer: Peer) => Peer, dialect: (typeof dialects)[number], role: Role): void {
  const pair = held(dialect, 2)
  watch(pair[role])
  doAct(pair.server, { kind: 'close' })
  settle(pair)
}

function refused(watch: (peer: Peer) => Peer, dialect: (typeof dialects)[number], role: Role): void {
  const peer = role === 'client' ? held(dialect, 1).client : peerOf(envOf(dialect, 'server'))
  give(watch(peer), Buffer.from('HTTP/1.1 404 Not Found\r\n\r\n'))
}

/** What no end of ours does but another may: seen by an observer. */
function strange(moves: Set<string>, dialect: (typeof dialects)[number], role: Role): void {
  const pair = openPair(dialect)
  const own = pair[role].sent
  const others = pair[role === 'client' ? 'server' : 'client'].sent
  const { connectionKey } = pair.client.state.receiver.agreed
  const frame = (from: Role, body: number[]) => {
    const masks = dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none' && from === 'client'
    const mask = masks ? { mask: new Uint8Array(4) } : {}
    return encodeFrame({
      dialect,
      opcode: 'close',
      final: true,
      payload: Uint8Array.from(body),
      connectionKey,
      ...mask,
    })
  }
  const sent = (body: number[]) => ['sent', frame(role, body)] as const
  const got = (body: number[]) => ['got', frame(role === 'client' ? 'server' : 'client', body)] as const
  const [one, two] = bodiesOf(dialect, role)
  const endings = [['sentEnd'], ['gotEnd']] as const
  const scripts = () => [
    [],
    [got(one!)],
    [got(one!), sent(two!)],
    [got(one!), sent(two!), got(two!)],
    [got(one!), sent(two!), got(two!), sent(one!)],
    [sent(one!), got(two!)],
    [sent(one!), got(two!), sent(two!)],
    [sent(one!), got(two!), sent(two!), got(one!)],
    [sent(one!)],
  ]
  const possible = dialect.closeBody === 'none' ? [[]] : scripts()
  for (const script of possible) {
    for (const [ending] of endings) {
      const observer = createObserver(dialect, role)
      const note = ({ transitions }: { transitions: readonly { from: string; trigger: string; to: string }[] }) => {
        for (const move of transitions) moves.add(keyOf(move))
      }
      const head = askingSize(dialect, own)
      if (role === 'client') note(observeSent(observer, own.slice(0, head)))
      note(observeReceived(observer, others))
      note(observeSent(observer, role === 'client' ? own.slice(head) : own))
      for (const [what, bytes] of script)
        note(what === 'sent' ? observeSent(observer, bytes) : observeReceived(observer, bytes))
      note(ending === 'sentEnd' ? observeSentEnd(observer) : observeReceivedEnd(observer))
    }
  }
  dropped(moves, dialect, role, own, others)
  if (role !== 'server') return
  for (const answer of ['HTTP/1.1 403 Forbidden\r\n\r\n', null]) {
    const observer = createObserver(dialect, role)
    const all = [observeReceived(observer, others)]
    all.push(answer === null ? observeSentEnd(observer) : observeSent(observer, Buffer.from(answer)))
    for (const { transitions } of all) for (const move of transitions) moves.add(keyOf(move))
  }
}

/** An end that drops the connection for a broken rule, without a close frame. */
function dropped(
  moves: Set<string>,
  dialect: (typeof dialects)[number],
  role: Role,
  own: Uint8Array,
  others: Uint8Array,
): void {
  const observer = createObserver(dialect, role)
  const head = askingSize(dialect, own)
  if (role === 'client') observeSent(observer, own.slice(0, head))
  observeReceived(observer, others)
  observeSent(observer, role === 'client' ? own.slice(head) : own)
  observeReceived(observer, junkFor(observer.receiver))
  for (const move of observeSentEnd(observer).transitions) moves.add(keyOf(move))
}

describe('any endpoint', () => {
  it('goes only where its table leads', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...machines),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
        ({ dialect, role }, chunks) => {
          const peer = openPair(dialect)[role]
          for (const chunk of chunks) give(peer, chunk)
          const table = tableFor(dialect, role)
          for (const { from, trigger, to } of peer.transitions) expect(nextState(table, from, trigger)).toBe(to)
        },
      ),
    )
  })
})
