// Growable columns of numbers: the index keeps millions of rows in them without an object per row.
//
// Most columns count up, or say nearly the same again and again. So a block that is full is kept as what its values are
// more than the least of them, in as few bytes as that takes: none where all are the same.

import { unreachable } from '../bytes/unreachable.ts'

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** An append-only list of numbers of one width. Reading outside [0, length) is our own bug. */
export interface Column {
  readonly length: number
  get(index: number): number
  push(value: number): void
}

const blockBits = 9
const blockLength = 1 << blockBits
/** The first block starts small because most captures are. */
const firstLength = 16

export const createU8Column = (): Column => createColumn((length) => new Uint8Array(length))
export const createU16Column = (): Column => createColumn((length) => new Uint16Array(length))
export const createU32Column = (): Column => createColumn((length) => new Uint32Array(length))
/** Any values; those that are whole multiples of `unit` apart take less memory. */
export const createF64Column = (unit = 1): Column => createColumn((length) => new Float64Array(length), unit)

function createColumn(make: (length: number) => Numbers, unit = 1): Column {
  const blocks = createBlocks(unit)
  let tail = make(firstLength)
  let length = 0
  let inTail = 0

  function grow(): void {
    const larger = make(tail.length * 2)
    larger.set(tail)
    tail = larger
  }

  return {
    get length() {
      return length
    },
    get(index) {
      if (!(index >= 0 && index < length)) throw new RangeError(`a column of ${length} has no entry ${index}`)
      const block = index >>> blockBits
      const place = index & (blockLength - 1)
      return block < blocks.count ? blocks.get(block, place) : tail[place]!
    },
    push(value) {
      if (inTail === tail.length) grow()
      tail[inTail] = value
      inTail += 1
      length += 1
      if (inTail < blockLength) return
      blocks.add(tail)
      inTail = 0
    },
  }
}

/** Bytes that a value takes behind the least of its block. In 8 it is there as it is. */
type Width = 0 | 1 | 2 | 4 | 8

/** Full blocks of values. */
interface Blocks {
  readonly count: number
  get(block: number, place: number): number
  add(values: Numbers): void
}

function createBlocks(unit: number): Blocks {
  // An entry for each block. Several share a view, as buffers have a price of their own.
  const least: number[] = []
  const widths: Width[] = []
  const starts: number[] = []
  const views: DataView[] = []
  const space = createSpace()

  return {
    get count() {
      return least.length
    },
    get(block, place) {
      const width = widths[block]!
      const more = readNumber(views[block]!, starts[block]! + place * width, width)
      return width === 8 ? more : least[block]! + more * unit
    },
    add(values) {
      exact.set(values)
      const lowest = lowestOf(exact)
      const width = differ(exact, lowest, unit, differences)
      const { view, start } = space(width * blockLength)
      writeNumbers(view, start, width, width === 8 ? exact : differences)
      least.push(lowest)
      widths.push(width)
      starts.push(start)
      views.push(view)
    },
  }
}

// One of each for all columns: a block is made at once.
const exact = new Float64Array(blockLength)
const differences = new Float64Array(blockLength)

function lowestOf(values: Float64Array): number {
  let lowest = values[0]!
  for (let place = 1; place < blockLength; place += 1) if (values[place]! < lowest) lowest = values[place]!
  return lowest
}

/** Fills `into` with what the values are more than the lowest, in units; answers the width that takes. */
function differ(values: Float64Array, lowest: number, unit: number, into: Float64Array): Width {
  let most = 0
  for (let place = 0; place < blockLength; place += 1) {
    const value = values[place]!
    const more = (value - lowest) / unit
    if (Math.floor(more) !== more || lowest + more * unit !== value) return 8
    into[place] = more
    if (more > most) most = more
  }
  if (most === 0) return 0
  if (most <= 0xff) return 1
  if (most <= 0xffff) return 2
  return most <= 0xffffffff ? 4 : 8
}

function readNumber(view: DataView, at: number, width: Width): number {
  switch (width) {
    case 0:
      return 0
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at)
    case 4:
      return view.getUint32(at)
    case 8:
      return view.getFloat64(at)
    default:
      return unreachable(width)
  }
}

/** A loop for each width: it runs once for every value of the index. */
function writeNumbers(view: DataView, at: number, width: Width, values: Float64Array): void {
  switch (width) {
    case 0:
      break
    case 1:
      for (let place = 0; place < blockLength; place += 1) view.setUint8(at + place, values[place]!)
      break
    case 2:
      for (let place = 0; place < blockLength; place += 1) view.setUint16(at + place * 2, values[place]!)
      break
    case 4:
      for (let place = 0; place < blockLength; place += 1) view.setUint32(at + place * 4, values[place]!)
      break
    case 8:
      for (let place = 0; place < blockLength; place += 1) view.setFloat64(at + place * 8, values[place]!)
      break
    default:
      unreachable(width)
  }
}

interface Place {
  readonly view: DataView
  readonly start: number
}

const longestView = 16384

/** Gives bytes away, from views that get longer the more is asked for: at most about half of it is never used. */
function createSpace(): (length: number) => Place {
  let view = new DataView(new ArrayBuffer(0))
  let used = 0
  let given = 0
  return (length) => {
    if (used + length > view.byteLength) {
      view = new DataView(new ArrayBuffer(Math.max(length, Math.min(given, longestView))))
      used = 0
    }
    const start = used
    used += length
    given += length
    return { view, start }
  }
}

/**
 * How many of the first `length` indices satisfy `holds`, which must be true up to some index and false from there on.
 * Binary search.
 */
export function countWhile(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
