// All cases, and how some of them are chosen.
import type { Role } from '../bytes/lanes.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { autoFragmentCases, basicCases } from './basicCases.ts'
import type { ConformCase } from './case.ts'
import { closeCases } from './closeCases.ts'
import { compressionCases } from './compressionCases.ts'
import { fragmentCases } from './fragmentCases.ts'
import { handshakeCases } from './handshakeCases.ts'
import { limitCases } from './limitCases.ts'
import { utf8Cases } from './utf8Cases.ts'

/** In the order they are played. Numbered as in the public case list, from section 1 on. */
export const conformCases: readonly ConformCase[] = [
  ...handshakeCases,
  ...basicCases,
  ...fragmentCases,
  ...utf8Cases,
  ...closeCases,
  ...limitCases,
  ...autoFragmentCases,
  ...compressionCases,
]

export const sectionTitles: Readonly<Record<string, string>> = {
  '0': 'opening handshake',
  '1': 'framing',
  '2': 'pings and pongs',
  '3': 'reserved bits',
  '4': 'opcodes',
  '5': 'fragmentation',
  '6': 'UTF-8',
  '7': 'closing',
  '9': 'sizes and numbers',
  '10': 'automatic fragmentation',
  '12': 'compression: data and sizes',
  '13': 'compression: terms',
}

export function sectionOf({ id }: Pick<ConformCase, 'id'>): string {
  return id.slice(0, id.indexOf('.'))
}

/**
 * The cases that a peer can be tested by and that one of the patterns names: `5.3`, `1.*`, `*`, separated by commas.
 * Fails with a sentence on a pattern that names none.
 */
export function chooseCases(patterns: string, peer: Role): Result<readonly ConformCase[]> {
  const wanted = patterns.split(',').map((pattern) => pattern.trim())
  const stranger = wanted.find((pattern) => !conformCases.some(({ id }) => matches(pattern, id)))
  if (stranger !== undefined) {
    return failure(`There is no case "${stranger}": name cases such as 5.3, or many of them with 1.* or 6.4.*.`)
  }
  const chosen = conformCases.filter(({ id, peers }) => {
    return peers.includes(peer) && wanted.some((pattern) => matches(pattern, id))
  })
  if (chosen.length > 0) return success(chosen)
  return failure(`None of these cases tests a ${peer}: "${patterns}".`)
}

function matches(pattern: string, id: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern
}
