// Handshakes that have to be turned away: a request by a server, a response by a client.
import { laneFrom } from '../bytes/lanes.ts'
import { fieldNamed, parseHead } from '../handshake/head.ts'
import type { Course } from './course.ts'
import { endedHow, type Finding, failed, lax, ourFault, type Seen } from './findings.ts'

export function judgeRefusal(course: Course, seen: Seen): Finding {
  const { ending } = course.test
  if (ending.kind === 'refusesRequest') return refusedRequest(course, seen, ending.statuses, ending.names)
  return refusedResponse(course, seen)
}

/** RFC 6455 §4.2.1: the server answers with an HTTP error. §4.4: with 426 it names the versions it speaks. */
function refusedRequest(course: Course, seen: Seen, statuses: readonly number[], names: string | undefined): Finding {
  const { head, peer } = course
  const { at, fault } = ourFault(course, seen)
  if (!head) return failed(course, `no answer to the request: ${endedHow(course, seen)}`, at, fault)
  if (head.status === 101) return failed(course, 'the server accepted the request', at, fault)
  const place = { lane: laneFrom(peer), offset: 0 }
  if (!statuses.includes(head.status ?? 0)) return lax(course, `status ${head.status}`, place, fault)
  if (names && !fieldNamed(parseHead(head.bytes, 'response'), names)) {
    return lax(course, `status ${head.status} without the field ${names}`, place, fault)
  }
  return null
}

/** RFC 6455 §4.1: the client fails the connection. Nothing was opened, so no frame can say why. */
function refusedResponse(course: Course, seen: Seen): Finding {
  const { at, fault } = ourFault(course, seen)
  const { head, frames, peer } = course
  if (!head) return failed(course, `no request came: ${endedHow(course, seen)}`, at)
  if (frames > 0) {
    const first = { lane: laneFrom(peer), offset: head.bytes.length }
    return failed(course, 'the client went on as if the connection were open', first, fault)
  }
  return seen.ended === null ? failed(course, `the client did not give up: ${endedHow(course, seen)}`, at, fault) : null
}
