// What a case wants of the peer, in words.
import { unreachable } from '../bytes/unreachable.ts'
import type { ConformCase } from './case.ts'

/** One sentence without the answers, which the title of the case names. */
export function expectationOf({ ending, informational }: ConformCase): string {
  if (informational) return 'any end of the connection: the RFC leaves it open'
  switch (ending.kind) {
    case 'weClose':
      return 'what was sent answered in full, then our close answered with code 1000'
    case 'answersClose':
      return `the close answered with ${listed(ending.codes.map((code) => (code === null ? 'no code' : `code ${code}`)))}`
    case 'fails':
      return `the connection failed with close code ${listed(ending.codes.map(String))}`
    case 'refusesRequest':
      return `the request refused with status ${listed(ending.statuses.map(String))}${ending.names ? ` and ${ending.names}` : ''}`
    case 'refusesResponse':
      return 'the connection given up, without a frame sent'
    default:
      return unreachable(ending)
  }
}

function listed(items: readonly string[]): string {
  return items.join(' or ')
}
