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
/** The first block starts small, since most connections are, and nearly half of their columns stay empty. */
const firstLength = 16
const noNumbers = new Uint8Array(0)

export const createU8Column = (): Column => new PackedColumn((length) => new Uint8Array(length))
export const createU16Column = (): Column => new PackedColumn((length) => new Uint16Array(length))
export const createU32Column = (): Column => new PackedColumn((length) => new Uint32Array(length))
/** Any values; those that are whole multiples of `unit` apart take less memory. */
export const createF64Column = (unit = 1): Column => new PackedColumn((length) => new Float64Array(length), unit)

/** Bytes that a value takes behind the least of its block. In 8 it is there as it is. */
type Width = 0 | 1 | 2 | 4 | 8

/** An entry for each block that was packed. Several share a view, as buffers have a price of their own. */
interface Packed {
  readonly least: number[]
  readonly widths: Width[]
  readonly starts: number[]
  readonly views: DataView[]
  readonly space: Space
}

/** A class, since a push is most of what indexing a frame costs: half of what it would be through a closure. */
class PackedColumn implements Column {
  /** Made with the first full block: most columns of short connections never have one. */
  private packed: Packed | null = null
  private inPacked = 0
  private readonly make: (length: number) => Numbers
  private readonly unit: number
  private tail: Numbers = noNumbers
  private inTail = 0

  constructor(make: (length: number) => Numbers, unit = 1) {
    this.make = make
    this.unit = unit
  }

  get length(): number {
    return this.inPacked + this.inTail
  }

  get(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`a column of ${this.length} has no entry ${index}`)
    const place = index & (blockLength - 1)
    return index < this.inPacked ? this.unpacked(this.packed!, index >>> blockBits, place) : this.tail[place]!
  }

  push(value: number): void {
    if (this.inTail === this.tail.length) this.makeRoom()
    this.tail[this.inTail] = value
    this.inTail += 1
  }

  private unpacked({ least, widths, starts, views }: Packed, block: number, place: number): number {
    const width = widths[block]!
    const more = readNumber(views[block]!, starts[block]! + place * width, width)
    return width === 8 ? more : least[block]! + more * this.unit
  }

  private makeRoom(): void {
    if (this.tail.length === blockLength) {
      this.pack()
      return
    }
    const larger = this.make(Math.max(firstLength, this.tail.length * 2))
    larger.set(this.tail)
    this.tail = larger
  }

  private pack(): void {
    // Most columns count up: the first value is the lowest, unless one below it is found.
    const most = differ(this.tail, this.tail[0]!, this.unit)
    const lowest = most < 0 ? lowestOf(this.tail) : this.tail[0]!
    const width = widthOf(most < 0 ? differ(this.tail, lowest, this.unit) : most)
    this.packed ??= { least: [], widths: [], starts: [], views: [], space: createSpace() }
    const { least, widths, starts, views, space } = this.packed
    const { view, start } = space(width * blockLength)
    writeNumbers(view, start, width, width === 8 ? this.tail : differences)
    least.push(lowest)
    widths.push(width)
    starts.push(start)
    views.push(view)
    this.inPacked += blockLength
    this.inTail = 0
  }
}

/** An append-only list of whole numbers, each greater than the one before: little is kept of those that count up by one. */
export function createAscendingColumn(): Column {
  return new RunColumn()
}

/** A run of numbers that follow each other is kept as its first one and its place, with the number behind the last. */
class RunColumn implements Column {
  length = 0
  private readonly firsts = createU32Column()
  private readonly places = createU32Column()
  private next = -1

  get(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`a column of ${this.length} has no entry ${index}`)
    const run = countWhile(this.places.length, (one) => this.places.get(one) <= index) - 1
    return this.firsts.get(run) + index - this.places.get(run)
  }

  push(value: number): void {
    if (value !== this.next) {
      this.firsts.push(value)
      this.places.push(this.length)
    }
    this.next = value + 1
    this.length += 1
  }
}

// One for all columns: a block is packed at once.
const differences = new Float64Array(blockLength)

function lowestOf(values: Numbers): number {
  let lowest = values[0]!
  for (let place = 1; place < blockLength; place += 1) if (values[place]! < lowest) lowest = values[place]!
  return lowest
}

/**
 * Fills `differences` with what the values are more than the lowest, in units. Answers the most; infinity when they are
 * not whole, and -1 when one is less.
 */
function differ(values: Numbers, lowest: number, unit: number): number {
  if (!(values instanceof Float64Array)) return differInWhole(values, lowest)
  const perUnit = 1 / unit
  let most = 0
  for (let place = 0; place < blockLength; place += 1) {
    const value = values[place]!
    const more = (value - lowest) * perUnit
    if (more < 0) return -1
    if (Math.floor(more) !== more || lowest + more * unit !== value) return Number.POSITIVE_INFINITY
    differences[place] = more
    if (more > most) most = more
  }
  return most
}

function differInWhole(values: Numbers, lowest: number): number {
  let most = 0
  for (let place = 0; place < blockLength; place += 1) {
    const more = values[place]! - lowest
    if (more < 0) return -1
    differences[place] = more
    if (more > most) most = more
  }
  return most
}

function widthOf(most: number): Width {
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
function writeNumbers(view: DataView, at: number, width: Width, values: Numbers): void {
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
/** What every column has before its first block is full, as most of a short connection stay. */
const noBytes = new DataView(new ArrayBuffer(0))

type Space = (length: number) => Place

/** Gives bytes away, from views that get longer the more is asked for: at most about half of it is never used. */
function createSpace(): Space {
  let view = noBytes
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
