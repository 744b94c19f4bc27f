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
  const blocks: Numbers[] = [make(firstLength)]
  let length = 0
  const room = (): Numbers => {
    const block = blocks[length >>> blockBits]
    if (block && (length & (blockLength - 1)) < block.length) return block
    if (!block) return addBlock(blocks, make(blockLength))
    const larger = make(block.length * 2)
    larger.set(block)
    blocks[0] = larger
    return larger
  }
  return {
    get length() {
      return length
    },
    get(index) {
      const value = index < length ? blocks[index >>> blockBits]?.[index & (blockLength - 1)] : undefined
      if (value === undefined) throw new RangeError(`column has no entry ${index}, only ${length}`)
      return value
    },
    push(value) {
      room()[length & (blockLength - 1)] = value
      length += 1
    },
  }
}

function addBlock(blocks: Numbers[], block: Numbers): Numbers {
  blocks.push(block)
  return block
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
