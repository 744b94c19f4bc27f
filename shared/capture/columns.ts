// Growable columns of numbers: the index keeps millions of rows in them without an object per row.

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** An append-only list of numbers of one width. Reading outside [0, length) is our own bug. */
export interface Column {
  readonly length: number
  get(index: number): number
  push(value: number): void
}

// Full blocks are never copied again, so growing leaves at most one half-empty block of slack; the first block
// starts small because most captures are.
const blockBits = 13
const blockLength = 1 << blockBits
const firstLength = 16

export const createU8Column = (): Column => createColumn((length) => new Uint8Array(length))
export const createU16Column = (): Column => createColumn((length) => new Uint16Array(length))
export const createU32Column = (): Column => createColumn((length) => new Uint32Array(length))
export const createF64Column = (): Column => createColumn((length) => new Float64Array(length))

function createColumn(make: (length: number) => Numbers): Column {
  let tail = make(firstLength)
  const blocks: Numbers[] = [tail]
  let length = 0

  function grow(): void {
    if (tail.length === blockLength) {
      tail = make(blockLength)
      blocks.push(tail)
    } else {
      const larger = make(tail.length * 2)
      larger.set(tail)
      tail = larger
      blocks[0] = larger
    }
  }

  return {
    get length() {
      return length
    },
    get(index) {
      const value = index < length ? blocks[index >>> blockBits]?.[index & (blockLength - 1)] : undefined
      if (value === undefined) throw new RangeError(`a column of ${length} has no entry ${index}`)
      return value
    },
    push(value) {
      if (length === (blocks.length - 1) * blockLength + tail.length) grow()
      tail[length & (blockLength - 1)] = value
      length += 1
    },
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
