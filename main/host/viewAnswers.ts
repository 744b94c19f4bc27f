// The questions of the contract that are about a run as of its cursor.
import { unreachable } from '../../shared/bytes/unreachable.ts'
import {
  bytesView,
  chainRows,
  faultViews,
  ladderRows,
  messageViews,
  segmentViews,
  textView,
  timelineMarks,
  transitionViews,
  unitView,
} from '../../shared/capture/views.ts'
import type { Answer, Payload } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { noConnection } from '../lab/runCore.ts'
import type { Run, Workspace } from '../lab/types.ts'

const viewMethods = [
  'rows',
  'matches',
  'find',
  'bytes',
  'unit',
  'text',
  'messages',
  'faults',
  'segments',
  'transitions',
  'connections',
  'timeline',
] as const

export type ViewMethod = (typeof viewMethods)[number]

/** One question, as a value the compiler can tell apart by its method. */
export type ViewQuestion = {
  readonly [M in ViewMethod]: { readonly method: M; readonly payload: Payload<M> }
}[ViewMethod]

export function isViewQuestion(question: { readonly method: string }): question is ViewQuestion {
  return viewMethods.some((method) => method === question.method)
}

/** Answers from the run the question names. A run that was closed meanwhile is a failure with a sentence. */
export function answerView(workspace: Workspace, question: ViewQuestion): Result<Answer<ViewMethod>> {
  const run = workspace.runs.find(({ id }) => id === question.payload.run)
  if (!run) return failure(`Run ${question.payload.run} is closed: runs lists the open ones.`)
  return success(viewOf(run, question))
}

function viewOf(run: Run, question: ViewQuestion): Answer<ViewMethod> {
  const { capture } = run
  const { connection, cursor } = run.place()
  if (connection === noConnection) return emptyView(run, question)
  const { method, payload } = question
  switch (method) {
    case 'rows':
      if (capture.connections[0]?.opened.via) return chainRows(capture, cursor, payload.from, payload.count)
      return ladderRows(capture, connection, cursor, payload.from, payload.count)
    case 'matches':
      return run.matches(payload.from, payload.count)
    case 'find':
      return run.find(payload.expression, payload.place)
    case 'bytes':
      return bytesView(capture, connection, cursor, payload.lane, payload.from, payload.count)
    case 'unit':
      return unitView(capture, connection, cursor, payload.lane, payload.offset)
    case 'text':
      return textView(capture, connection, cursor, payload.lane, payload.offset)
    case 'messages':
      return messageViews(capture, connection, cursor, payload.from, payload.count)
    case 'faults':
      return faultViews(capture, connection, cursor, payload.from, payload.count)
    case 'segments':
      return segmentViews(capture, connection, cursor, payload.from, payload.count)
    case 'transitions':
      return transitionViews(capture, connection, cursor, payload.from, payload.count)
    case 'connections':
      return run.connections(payload.from, payload.count)
    case 'timeline':
      return { marks: timelineMarks(capture, connection) }
    default:
      return unreachable(method)
  }
}

/** What there is to see of a run before its first connection. */
function emptyView(run: Run, { method, payload }: ViewQuestion): Answer<ViewMethod> {
  switch (method) {
    case 'connections':
      return run.connections(payload.from, payload.count)
    case 'find':
      return run.find(payload.expression, payload.place)
    case 'bytes':
      return { lane: payload.lane, length: 0, delivered: 0, from: 0, bytes: new Uint8Array(0), leaves: [], edits: [] }
    case 'unit':
    case 'text':
      return null
    case 'timeline':
      return { marks: [] }
    default:
      return { total: 0, rows: [] }
  }
}
