// The verdict on a case that was played.
import { laneFrom, laneTo } from '../bytes/lanes.ts'
import { faultCite, faultSentence } from '../faults/catalogue.ts'
import type { Course } from './course.ts'
import { expectationOf } from './expectation.ts'
import {
  codeWords,
  endedHow,
  type Finding,
  failed,
  lastSent,
  lax,
  type Outcome,
  ourFault,
  type Seen,
  violationOn,
} from './findings.ts'
import { judgeRefusal } from './judgeRefusal.ts'

/** The verdict on a connection that is over. */
export function judgeCourse(course: Course, seen: Seen): Outcome {
  const { test } = course
  const broken = brokenByPeer(course, seen)
  const found = seen.unsupported ? unsupported(course) : (broken ?? firstFinding(course, seen) ?? allWell(course))
  const isOpenQuestion = test.informational && !broken && seen.gaveUpAfter === null
  return { ...found, verdict: isOpenQuestion ? 'informational' : found.verdict, expected: expectationOf(test) }
}

function unsupported({ test }: Course): NonNullable<Finding> {
  return {
    verdict: 'unsupported',
    came: 'the peer does not agree to permessage-deflate on these terms',
    at: null,
    fault: null,
    cite: test.cite,
  }
}

function allWell(course: Course): NonNullable<Finding> {
  const code = course.close ? `, close code ${course.close.code ?? 'left out'}` : ''
  const answers = course.answered > 0 ? `${course.answered} of ${course.answered} answers` : 'as it had to be'
  return { verdict: 'pass', came: `${answers}${code}`, at: null, fault: null, cite: course.test.cite }
}

function firstFinding(course: Course, seen: Seen): Finding {
  const { ending } = course.test
  if (ending.kind === 'refusesRequest' || ending.kind === 'refusesResponse') return judgeRefusal(course, seen)
  return notOpened(course, seen) ?? wrongAnswer(course) ?? judgeEnding(course, seen)
}

/** The first rule the peer itself broke. */
function brokenByPeer({ peer, test }: Course, { faults }: Seen): Finding {
  if (test.ending.kind === 'refusesRequest') return null // any status but 101 is a fault to a client
  const fault = violationOn(faults, laneFrom(peer))
  if (!fault) return null
  const { code, found, span, lane } = fault
  return {
    verdict: 'fail',
    came: `the ${peer} broke a rule: ${faultSentence(code, found)}`.replace(/\.$/, ''),
    at: { lane, offset: span.start },
    fault: code,
    cite: faultCite(code, 'rfc6455'),
  }
}

function notOpened(course: Course, seen: Seen): Finding {
  if (course.head && (course.peer === 'client' || course.head.status === 101)) return null
  const status = course.head ? `the server answered with status ${course.head.status}` : null
  return failed(course, status ?? `no answer to the opening handshake: ${endedHow(course, seen)}`, lastSent(course))
}

function wrongAnswer(course: Course): Finding {
  return course.wrong && failed(course, course.wrong.came, { lane: laneFrom(course.peer), offset: course.wrong.at })
}

function judgeEnding(course: Course, seen: Seen): Finding {
  const { ending } = course.test
  if (ending.kind === 'fails') return judgeFailing(course, seen, ending.codes)
  const [missing] = course.due
  if (missing) {
    const what = `${course.due.length} of ${course.due.length + course.answered} answers did not come`
    return failed(course, `${what}: ${endedHow(course, seen)}`, { lane: laneTo(course.peer), offset: missing.at })
  }
  return judgeClose(course, seen, ending.kind === 'answersClose' ? ending.codes : [1000])
}

/** RFC 6455 §5.5.1: a close frame is answered with one. §7.1.1: the server ends the stream. */
function judgeClose(course: Course, seen: Seen, codes: readonly (number | null)[]): Finding {
  const { close, peer } = course
  if (!close) return failed(course, `no close frame came: ${endedHow(course, seen)}`, lastSent(course))
  const at = { lane: laneFrom(peer), offset: close.at }
  if (!codes.includes(close.code)) {
    const came = `the close frame came with ${codeWords(close.code)}`
    return close.code === null || close.code === 1000 ? lax(course, came, at) : failed(course, came, at)
  }
  return stillOpen(course, seen)
}

/** RFC 6455 §7.1.7: a close frame with the code for it, then the end of the stream, and no sooner than there is a reason. */
function judgeFailing(course: Course, seen: Seen, codes: readonly number[]): Finding {
  const { close, peer, weClosed } = course
  const { at, fault } = ourFault(course, seen)
  if (!close && seen.ended === null) {
    return failed(course, `the ${peer} let it pass: ${endedHow(course, seen)}`, at, fault)
  }
  if (close && fault && close.after <= at.offset) {
    return failed(course, `the ${peer} closed before anything was wrong, with ${codeWords(close.code)}`, {
      lane: laneFrom(peer),
      offset: close.at,
    })
  }
  if (!close) return lax(course, `the ${peer} dropped the connection without a close frame`, at, fault)
  if (!codes.includes(close.code ?? 0)) {
    const came = `the ${peer} closed with ${codeWords(close.code)}`
    const place = { lane: laneFrom(peer), offset: close.at }
    // Where we closed too, a close frame may be no more than the answer to ours.
    return weClosed ? failed(course, came, place, fault) : lax(course, came, place, fault)
  }
  if (course.waitedLong)
    return lax(course, `the ${peer} failed the connection only when the message was over`, at, fault)
  const [missing] = course.due
  if (missing) {
    const what = `the ${peer} failed the connection without answering what came before`
    return lax(course, what, { lane: laneTo(peer), offset: missing.at })
  }
  return stillOpen(course, seen)
}

function stillOpen(course: Course, seen: Seen): Finding {
  if (course.peer === 'client' || seen.ended !== null) return null
  return lax(course, `the server did not end the stream: ${endedHow(course, seen)}`, lastSent(course))
}
