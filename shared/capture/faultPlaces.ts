// The faults of a connection by where on its lanes they are: a page of a long session asks for a few of very many.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { countWhile } from './columns.ts'
import type { LocatedFault } from './types.ts'

export interface FaultPlaces {
  /** Adds the fault that was found next. */
  add(fault: LocatedFault): void
  /** The faults on a place, in the order they were found. */
  on(lane: Lane, span: Span): readonly LocatedFault[]
}

interface Placed {
  readonly fault: LocatedFault
  /** How many were found before it. */
  readonly order: number
}

interface LanePlaces {
  /** In the order of where they begin. */
  readonly placed: Placed[]
  /** Bytes of the longest of them: none that reaches a place begins further before it. */
  longest: number
}

export function createFaultPlaces(): FaultPlaces {
  const places = Object.fromEntries(lanes.map((lane) => [lane, { placed: [], longest: 0 }])) as unknown as Readonly<
    Record<Lane, LanePlaces>
  >
  let found = 0
  return {
    add(fault) {
      const lane = places[fault.lane]
      const { placed } = lane
      const { start } = fault.span
      lane.longest = Math.max(lane.longest, spanLength(fault.span))
      const one = { fault, order: found++ }
      // Faults are found about in the order of their places, so it nearly always goes to the end.
      if (placed.length === 0 || placed.at(-1)!.fault.span.start <= start) placed.push(one)
      else
        placed.splice(
          countWhile(placed.length, (index) => placed[index]!.fault.span.start <= start),
          0,
          one,
        )
    },
    on(lane, span) {
      const { placed, longest } = places[lane]
      const first = countWhile(placed.length, (index) => placed[index]!.fault.span.start < span.start - longest)
      const hits: Placed[] = []
      for (let index = first; index < placed.length && placed[index]!.fault.span.start <= span.end; index += 1) {
        if (isOn(placed[index]!.fault.span, span)) hits.push(placed[index]!)
      }
      return hits.sort((one, other) => one.order - other.order).map(({ fault }) => fault)
    },
  }
}

/** Whether they overlap. An empty fault, such as an early end, is on what holds its place, or on an end right there. */
export function isOn(fault: Span, span: Span): boolean {
  const start = Math.max(fault.start, span.start)
  const end = Math.min(fault.end, span.end)
  if (start !== end) return start < end
  return fault.start === fault.end && (span.start === span.end || start < span.end)
}
