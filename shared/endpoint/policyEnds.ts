// Both ends of a socket policy exchange, see ../profile/policy.ts: their tables, and what moves them. There is one question
// and one answer, as long as its stream, so what moves an end is the whole request and the ends of the streams.
import { concat } from '../bytes/concat.ts'
import { type Lane, laneFrom, type Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { isPolicy, longestPolicy, policyCite, policyRequest, readPolicyRequest } from '../profile/policy.ts'
import type { StateName, StateTable, TableRow, Trigger } from './types.ts'

const nothing = new Uint8Array(0)

/** What an end has seen: the request as far as it can be one, and as much of the answer as a policy is long at most. */
export interface PolicySeen {
  readonly request: Uint8Array
  readonly answer: Uint8Array
}

export const firstOfPolicy: PolicySeen = { request: nothing, answer: nothing }

export type PolicyEvent =
  | { readonly kind: 'sent' | 'received'; readonly bytes: Uint8Array }
  | { readonly kind: 'sentEnd' | 'receivedEnd' }

/** What leads an end on. `at`: offset in the stream just seen; `cause`: the bytes. */
interface PolicyMove {
  readonly trigger: Trigger
  readonly at: number
  readonly cause?: { readonly lane: Lane; readonly span: Span }
}

/** Takes in what an end in a state has just seen. */
export function takePolicy(
  before: PolicySeen,
  event: PolicyEvent,
  role: Role,
  state: StateName,
): { readonly seen: PolicySeen; readonly moved: PolicyMove | null } {
  switch (event.kind) {
    case 'sentEnd':
      return { seen: before, moved: role === 'server' ? endedBy(before, state) : null }
    case 'receivedEnd':
      return { seen: before, moved: role === 'client' ? answeredBy(before) : cutShort }
    case 'sent':
      return takeBytes(before, event.bytes, role, role === 'client')
    case 'received':
      return takeBytes(before, event.bytes, role, role === 'server')
    default:
      return unreachable(event)
  }
}

function takeBytes(before: PolicySeen, bytes: Uint8Array, role: Role, areRequest: boolean) {
  if (!areRequest) return { seen: { ...before, answer: grown(before.answer, bytes, longestPolicy) }, moved: null }
  const seen = { ...before, request: grown(before.request, bytes, policyRequest.length) }
  return { seen, moved: askedBy(seen, role) }
}

function grown(known: Uint8Array, more: Uint8Array, most: number): Uint8Array {
  return concat(known, more.subarray(0, most - known.length))
}

const cutShort: PolicyMove = { trigger: 'receiveEnd', at: 0 }

/** The request counts once it is whole; other bytes as soon as they can be none. */
function askedBy({ request }: PolicySeen, role: Role): PolicyMove | null {
  const end = request.length
  const read = readPolicyRequest(request)
  if (read === 'more') return null
  const trigger = role === 'client' ? 'sendRequest' : read === 'asked' ? 'receiveRequest' : 'fault'
  return { trigger, at: end, cause: { lane: 'clientToServer', span: { start: 0, end } } }
}

/** The server has ended its stream. */
function endedBy({ answer }: PolicySeen, state: StateName): PolicyMove {
  const trigger = state !== 'REQUEST_RECEIVED' ? 'sendEnd' : answer.length > 0 ? 'sendResponse' : 'sendRefusal'
  return { trigger, at: answer.length, ...causeIn(answer) }
}

/** The client has seen the end of the answer. */
function answeredBy({ answer }: PolicySeen): PolicyMove {
  return { trigger: isPolicy(answer) ? 'receiveResponse' : 'receiveRefusal', at: answer.length, ...causeIn(answer) }
}

function causeIn({ length }: Uint8Array): Pick<PolicyMove, 'cause'> {
  return length > 0 ? { cause: { lane: laneFrom('server'), span: { start: 0, end: length } } } : {}
}

function row(from: StateName, trigger: Trigger, to: StateName, says: string): TableRow {
  return { from, trigger, to, cite: policyCite, says }
}

const tables: Readonly<Record<Role, StateTable>> = {
  client: [
    row(
      'IDLE',
      'sendRequest',
      'AWAITING_RESPONSE',
      'The runtime asks for the policy, and connects to nothing before it has it.',
    ),
    row(
      'AWAITING_RESPONSE',
      'receiveResponse',
      'CLOSED',
      'The stream ended, so the policy is whole: the runtime looks for the port in what is granted.',
    ),
    row('AWAITING_RESPONSE', 'receiveRefusal', 'FAILED', 'The stream ended without a policy: no socket may connect.'),
    row('IDLE', 'receiveEnd', 'FAILED', 'The server ended its stream before it was asked.'),
  ],
  server: [
    row('AWAITING_REQUEST', 'receiveRequest', 'REQUEST_RECEIVED', 'The request is whole: nothing may stand behind it.'),
    row(
      'AWAITING_REQUEST',
      'fault',
      'FAILED',
      'These bytes are no policy request: the server closes without an answer.',
    ),
    row('AWAITING_REQUEST', 'receiveEnd', 'FAILED', 'The client ended its stream before its request was whole.'),
    row('AWAITING_REQUEST', 'sendEnd', 'FAILED', 'The server gives up waiting for the request.'),
    row(
      'REQUEST_RECEIVED',
      'sendResponse',
      'CLOSED',
      'The server ends its stream behind the policy, which tells that the policy is whole.',
    ),
    row('REQUEST_RECEIVED', 'sendRefusal', 'FAILED', 'The server ends its stream without an answer.'),
  ],
}

/** The state machine of an end. A trigger without a row changes nothing. */
export function policyTable(role: Role): StateTable {
  return tables[role]
}
