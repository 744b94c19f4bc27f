// What a WebSocket of the WebSockets standard does, as a table: the same for the platform's class and for ours. What each
// gives was first seen in Chromium and then found in the standard.
import { closing } from './behaviours/closing.ts'
import { compressing } from './behaviours/compressing.ts'
import { constructing } from './behaviours/constructing.ts'
import { failing } from './behaviours/failing.ts'
import { handlers } from './behaviours/handlers.ts'
import { opening } from './behaviours/opening.ts'
import { receiving } from './behaviours/receiving.ts'
import { sending } from './behaviours/sending.ts'
import { shape } from './behaviours/shape.ts'
import type { Behaviour } from './subject.ts'

function under(name: string, list: readonly Behaviour[]): Behaviour[] {
  return list.map((each) => ({ ...each, title: `${name}: ${each.title}` }))
}

export const behaviours: readonly Behaviour[] = [
  ...under('new', constructing),
  ...under('shape', shape),
  ...under('handlers', handlers),
  ...under('opening', opening),
  ...under('message', receiving),
  ...under('send', sending),
  ...under('close', closing),
  ...under('failing', failing),
  ...under('compressing', compressing),
]
