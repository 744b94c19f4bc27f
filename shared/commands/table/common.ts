// What the rows of several groups say in the same way.
import { type FlawId, flawIds, flaws, labFlawIds } from '../../profile/flaws.ts'
import {
  type Arg,
  choice,
  compression,
  count,
  flag,
  formed,
  lane,
  offset,
  optional,
  otherwise,
  profile as profileArg,
  word,
} from '../args.ts'

export const everywhere = ['window', 'console'] as const
export const typed = ['console'] as const
export const windowOnly = ['window'] as const
export const terminalOnly = ['cli'] as const

export const steps = { count: otherwise(count('COUNT', 'how many', 1, 1_000_000), 1) }
export const stepLane = { lane: optional(lane('the lane to step; else the one whose turn it is')) }
export const place = { lane: lane('the lane, by who sends'), offset: offset('offset in the lane') }
export const file = word('FILE', 'a pcapng, pcap or HAR file, also gzipped')
export const recording = optional(word('FILE', 'records both sides of the gate to FILE, as pcapng'))
export const compress = optional(
  compression('compresses messages, RFC 7692: on, or parameters separated by semicolons'),
)
/** What is known of a handshake that is not there. */
export const unseenHandshake = {
  key: optional(word('KEY', 'with --open: Sec-WebSocket-Key of the request, which hybi-04 masks with')),
  nonce: optional(word('NONCE', 'with --open: Sec-WebSocket-Nonce of the response, which hybi-04 masks with')),
  extensions: optional(
    word('LIST', 'with --open: Sec-WebSocket-Extensions of the response, such as permessage-deflate'),
  ),
}
/** How a server of others is judged. */
export const judged = {
  insecure: flag('takes whatever certificate a server shows, and says so'),
  ca: optional(word('FILE', 'trusts the authorities in FILE too, certificates as PEM')),
}
/** How clients are answered that speak TLS. */
export const secured = {
  tls: flag('speaks TLS, certified by the authority that "wirestep ca" shows: wss://'),
  cert: optional(word('FILE', 'with --tls: shows the certificate in FILE instead, PEM, with its chain behind it')),
  key: optional(word('FILE', 'with --cert: its private key, PEM')),
}
export const keylog = optional(word('FILE', 'appends the TLS secrets to FILE, as Wireshark reads them'))
export const expressionSays =
  'lane client, kind frame, opcode text, size >= 126, "text", /regex/i, bytes 81 7e, time < 1.5s, fault, state client:OPEN, connection 1; with and, or, not, ( )'
export const switched = { lane: optional(lane('the lane; else both')) }
export const ofAll = { all: flag('on every connection, and on those to come') }
export const shaped = { lane: lane('the lane, by who sends') }
export const profile = optional(
  profileArg('keeps to what the prototype of December 2010 could do, and says why it refuses the rest'),
)
const careless = <Id extends FlawId>(ids: readonly Id[]) =>
  optional({
    ...choice(
      `makes the client careless, to see a rule broken: ${ids.map((id) => `${id} ${flaws[id]}`).join('; ')}`,
      ids,
    ),
    hint: 'FLAW',
  })
export const flaw = careless(flawIds)
export const labFlaw = careless(labFlawIds)
export const millisecondsMost = 3_600_000

/** Names without what separates them in any dialect. */
export function subprotocolName(says: string): Arg<string> {
  return formed('NAME', says, /^[!-+\--~]+$/, 'a name without spaces')
}
