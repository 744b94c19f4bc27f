// Two runs of things said, side by side: what is the same stands together, whatever is missing, new or moved between. Looks
// a bounded way ahead, so that runs of any length are paired as they are read.

export interface Pair<T> {
  readonly recorded: T | null
  readonly replayed: T | null
  /** The same was said, but after (or before) something that it came before (or after) in the recording. */
  readonly moved: 'later' | 'earlier' | null
}

export interface Likeness<T> {
  same(one: T, other: T): boolean
  /** Whether one can be taken for the other with something changed in it. */
  comparable(one: T, other: T): boolean
  /** Bytes it takes to hold one. */
  size(item: T): number
}

/** How many of each are looked at together, unless they are long. */
const reach = 32
const mostBytes = 64 * 1024 * 1024

interface Held<T> {
  readonly item: T
  /** It has been paired out of its order. */
  taken: boolean
}

export function* pairs<T>(recorded: Iterable<T>, replayed: Iterable<T>, likeness: Likeness<T>): Iterable<Pair<T>> {
  const [old, now] = [createAhead(recorded, likeness.size), createAhead(replayed, likeness.size)]
  for (;;) {
    const [ours, theirs] = [old.look(), now.look()]
    const [first, other] = [ours[0], theirs[0]]
    if (!first && !other) return
    if (!first || !other) {
      yield { recorded: first?.item ?? null, replayed: other?.item ?? null, moved: null }
      ;(first ? old : now).drop(1)
    } else if (likeness.same(first.item, other.item)) {
      yield { recorded: first.item, replayed: other.item, moved: null }
      old.drop(1)
      now.drop(1)
    } else {
      const [i, j] = nextSame(ours, theirs, likeness)
      yield* between(ours, theirs, i, j, likeness)
      old.drop(i)
      now.drop(j)
    }
  }
}

function createAhead<T>(items: Iterable<T>, sizeOf: (item: T) => number) {
  const source = items[Symbol.iterator]()
  const held: Held<T>[] = []
  let bytes = 0
  const pull = () => {
    const next = source.next()
    if (next.done) return false
    held.push({ item: next.value, taken: false })
    bytes += sizeOf(next.value)
    return true
  }
  function drop(count: number): void {
    for (const { item } of held.splice(0, count)) bytes -= sizeOf(item)
  }
  return {
    drop,
    look(): readonly Held<T>[] {
      do {
        while (held[0]?.taken) drop(1)
      } while (held.length < reach && bytes < mostBytes && pull())
      return held
    },
  }
}

/** How many to step over on both sides until both say the same again; all in sight when that is not among them. */
function nextSame<T>(ours: readonly Held<T>[], theirs: readonly Held<T>[], { same }: Likeness<T>): [number, number] {
  const meets = (i: number, j: number) => {
    const [one, other] = [ours[i], theirs[j]]
    return one && other && !one.taken && !other.taken && same(one.item, other.item)
  }
  for (let far = 1; far < Math.max(ours.length, theirs.length); far++) {
    if (meets(far, far)) return [far, far] // rather changed than missing here and new there
    for (let near = far - 1; near >= 0; near--) {
      if (meets(near, far)) return [near, far]
      if (meets(far, near)) return [far, near]
    }
  }
  return [ours.length, theirs.length]
}

function* between<T>(
  ours: readonly Held<T>[],
  theirs: readonly Held<T>[],
  i: number,
  j: number,
  likeness: Likeness<T>,
): Iterable<Pair<T>> {
  const stays: T[] = []
  for (const one of ours.slice(0, i).filter(({ taken }) => !taken)) {
    const later = elsewhere(one.item, theirs.slice(j), ours.slice(i), likeness)
    if (later) yield { recorded: one.item, replayed: later, moved: 'later' }
    else stays.push(one.item)
  }
  const came: T[] = []
  for (const one of theirs.slice(0, j).filter(({ taken }) => !taken)) {
    const earlier = elsewhere(one.item, ours.slice(i), theirs.slice(j), likeness)
    if (earlier) yield { recorded: earlier, replayed: one.item, moved: 'earlier' }
    else came.push(one.item)
  }
  yield* changed(stays, came, likeness)
}

/** The same in what follows on the other side, where nothing that follows on its own side has a better claim to it. */
function elsewhere<T>(item: T, others: readonly Held<T>[], own: readonly Held<T>[], { same }: Likeness<T>): T | null {
  const found = others.find((other) => !other.taken && same(item, other.item))
  if (!found || own.some((other) => same(item, other.item))) return null
  found.taken = true
  return found.item
}

/** In order: what can be taken for the other stands together, the rest alone. */
function* changed<T>(stays: readonly T[], came: readonly T[], { comparable }: Likeness<T>): Iterable<Pair<T>> {
  let [i, j] = [0, 0]
  while (i < stays.length || j < came.length) {
    const ahead = stepsToMeet(stays.slice(i), came.slice(j), comparable)
    for (; ahead.ours > 0; ahead.ours--) yield { recorded: stays[i++]!, replayed: null, moved: null }
    for (; ahead.theirs > 0; ahead.theirs--) yield { recorded: null, replayed: came[j++]!, moved: null }
    if (i < stays.length && j < came.length) yield { recorded: stays[i++]!, replayed: came[j++]!, moved: null }
  }
}

/** How many stand alone on either side before two that can be taken for each other, or before the end. */
function stepsToMeet<T>(stays: readonly T[], came: readonly T[], comparable: Likeness<T>['comparable']) {
  for (let far = 0; far < Math.max(stays.length, came.length); far++) {
    for (let near = 0; near <= far; near++) {
      const [one, other] = [stays[near], came[far]]
      if (one !== undefined && other !== undefined && comparable(one, other)) return { ours: near, theirs: far }
      const [later, sooner] = [stays[far], came[near]]
      if (later !== undefined && sooner !== undefined && comparable(later, sooner)) return { ours: far, theirs: near }
    }
  }
  return { ours: stays.length, theirs: came.length }
}
