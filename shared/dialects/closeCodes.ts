// What close codes stand for, and which of them a close frame may carry. Which code has which meaning is in the rows.
import type { CloseMeaning, Dialect } from './dialect.ts'
import { rfc6455 } from './rfc6455.ts'

interface CloseMeaningRow {
  readonly says: string
  /** False for codes that only stand for something where none was sent. */
  readonly isSent: boolean
}

const meanings: Readonly<Record<CloseMeaning, CloseMeaningRow>> = {
  normalEnd: { says: 'normal end', isSent: true },
  goingAway: { says: 'going away', isSent: true },
  protocolError: { says: 'protocol error', isSent: true },
  typeNotAccepted: { says: 'type of data not accepted', isSent: true },
  tooBig: { says: 'message too big', isSent: true },
  reserved: { says: 'reserved', isSent: false },
  noCode: { says: 'never sent: stands for no code', isSent: false },
  noCloseFrame: { says: 'never sent: stands for no close frame', isSent: false },
  badPayload: { says: 'payload is not what its type says', isSent: true },
  againstPolicy: { says: 'against policy', isSent: true },
  extensionNeeded: { says: 'extension needed', isSent: true },
  serverError: { says: 'server could not go on', isSent: true },
  serviceRestarts: { says: 'service restarts', isSent: true },
  tryAgainLater: { says: 'try again later', isSent: true },
  badGateway: { says: 'bad gateway', isSent: true },
  noTls: { says: 'never sent: stands for a failed TLS handshake', isSent: false },
}

/** RFC 6455 §7.4.2, and hybi-06 §7.4.2 before it: these are for libraries, frameworks and applications. */
function isForOthers(code: number): boolean {
  return code >= 3000 && code <= 4999
}

/** Whether a close frame may carry the code. RFC 6455 §7.4: what is not assigned below 3000 is kept for later. */
export function mayBeSent({ closeCodes }: Dialect, code: number): boolean {
  const meaning = closeCodes[code]
  return meaning ? meanings[meaning].isSent : isForOthers(code)
}

/** What the code stands for, in a few words. */
export function closeCodeSays({ closeCodes }: Dialect, code: number): string {
  const meaning = closeCodes[code]
  if (meaning) return meanings[meaning].says
  if (!isForOthers(code)) return 'not assigned'
  return code >= 4000 ? 'private use' : 'registered by a library or application'
}

/** The code a dialect has for what RFC 6455 has `code` for; that of a protocol error where it has none. */
export function closeCodeFor({ closeCodes }: Dialect, code: number): number {
  const standard: Dialect = rfc6455
  const meaning = standard.closeCodes[code]
  const own = Object.keys(closeCodes).find((each) => closeCodes[Number(each)] === meaning)
  return own === undefined ? 1002 : Number(own)
}

/** The codes a close frame may carry, as a person would list them: `1000-1003, 1007-1014, or 3000-4999`. */
export function sendableCodes(dialect: Dialect): string {
  const codes = Object.keys(dialect.closeCodes)
    .map(Number)
    .filter((code) => mayBeSent(dialect, code))
  const starts = codes.filter((code) => !codes.includes(code - 1))
  const ranges = starts.map((start) => {
    let end = start
    while (codes.includes(end + 1)) end++
    return start === end ? `${start}` : `${start}-${end}`
  })
  return `${ranges.join(', ')}, or 3000-4999`
}
