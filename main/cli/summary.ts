// Counts of units and faults by connection and lane, for `wirestep decode --summary`.
import { type Lane, lanes } from '../../shared/bytes/lanes.ts'
import type { FoundUnit } from '../../shared/export/unitLine.ts'

type Counts = Map<string, number>

export interface Summary {
  add(unit: FoundUnit): void
  /** One object a lane that had a unit, in the order of the connections. */
  lines(): readonly object[]
}

export function createSummary(): Summary {
  const counted = new Map<number, Record<Lane, { readonly kinds: Counts; readonly faults: Counts }>>()
  return {
    add: ({ connection, lane, kind, faults }) => {
      const ofConnection = counted.get(connection) ?? { clientToServer: noCounts(), serverToClient: noCounts() }
      counted.set(connection, ofConnection)
      increment(ofConnection[lane].kinds, kind)
      for (const code of faults) increment(ofConnection[lane].faults, code)
    },
    lines: () =>
      [...counted].flatMap(([connection, ofConnection]) =>
        lanes
          .filter((lane) => ofConnection[lane].kinds.size > 0)
          .map((lane) => ({
            connection,
            lane,
            kinds: Object.fromEntries(ofConnection[lane].kinds),
            faults: Object.fromEntries(ofConnection[lane].faults),
          })),
      ),
  }
}

function noCounts() {
  return { kinds: new Map<string, number>(), faults: new Map<string, number>() }
}

function increment(counts: Counts, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
