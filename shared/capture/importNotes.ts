// What was put right, passed over or is missing in packets that others captured, as sentences.
import type { Side } from './connectionTable.ts'
import { type Connection, type Import, laneOf, mostConnections, sides } from './importState.ts'
import type { TcpLane } from './tcpLane.ts'

/** What is missing. */
export function problemsOf(state: Import): string[] {
  return webSocketsOf(state).flatMap((one) => [...sides.flatMap((side) => gapSentence(one, side)), ...tlsSentence(one)])
}

/** What was put right or passed over. */
export function notesOf(state: Import): string[] {
  const { all, unread, unsealing, linkTypes, overflow } = state
  const count = (wanted: (connection: Connection) => boolean) => all.filter(wanted).length
  const sum = (pick: (lane: TcpLane) => number) =>
    webSocketsOf(state).reduce((total, { lanes }) => total + pick(lanes.a) + pick(lanes.b), 0)
  return [
    sentence(
      sum(({ counts }) => counts.repeated),
      (n) => `${n} TCP segments were sent again and taken once.`,
    ),
    sentence(
      sum(({ counts }) => counts.overlapping),
      (n) => `${n} TCP segments overlapped earlier ones: the bytes that came first are shown.`,
    ),
    sentence(
      sum(({ counts }) => counts.early),
      (n) => `${n} TCP segments came out of order and were put in order.`,
    ),
    sentence(
      count(({ joined }) => joined !== null),
      (n) =>
        n === 1
          ? '1 TCP connection was open when the capture began: a note of it says what its frames are read as, and why.'
          : `${n} TCP connections were open when the capture began: a note of each says what its frames are read as, and why.`,
    ),
    sentence(
      count(({ kind, frames, joined }) => kind === 'webSocket' && frames !== null && joined === null),
      (n) =>
        n === 1
          ? '1 TCP connection looks like WebSocket frames without a handshake, but does not tell what it is.'
          : `${n} TCP connections look like WebSocket frames without a handshake, but do not tell what they are.`,
    ),
    sentence(
      count(({ kind }) => kind === 'other' || kind === 'undecided'),
      (n) => `${n} TCP connections are not WebSockets and were skipped.`,
    ),
    ...unsealing.notes(),
    sentence(unread.fragment, (n) => `${n} IP fragments were skipped: they are not put together.`),
    sentence(
      unread.linkType,
      (n) =>
        `${n} packets of link types ${[...linkTypes].join(', ')} were skipped: Ethernet, Linux cooked, loopback and raw IP are read.`,
    ),
    sentence(overflow, (n) => `${n} packets were skipped: the file has more than ${mostConnections} TCP connections.`),
  ].filter((note) => note !== null)
}

function webSocketsOf({ all }: Import): Connection[] {
  return all.filter(({ kind }) => kind === 'webSocket')
}

function sentence(count: number, says: (count: number) => string): string | null {
  return count === 0 ? null : says(count)
}

function gapSentence(connection: Connection, side: Side): string[] {
  const lane = connection.lanes[side]
  if (!connection.gaps.has(side) && lane.waiting === 0) return []
  // The end of what is shown: bytes in TLS are others than those it says in plain.
  const passed = connection.tls ? 0 : (connection.earlier?.bytes[side] ?? 0)
  const later = lane.waiting > 0 ? ` ${lane.waiting} bytes captured behind the gap are not shown.` : ''
  return [
    `Connection ${connection.number}: the capture lacks bytes that the ${laneOf(connection, side) === 'clientToServer' ? 'client' : 'server'} sent after its byte ${lane.length - passed}; its lane ends there.${later}`,
  ]
}

function tlsSentence({ kind, tls, number }: Connection): string[] {
  const problem = kind === 'webSocket' ? tls?.problem : null
  if (problem?.kind !== 'record') return []
  return [
    `Connection ${number}: a TLS record of the ${problem.from} is damaged, or sealed with secrets that the key log does not have; what was said after it is not shown.`,
  ]
}
