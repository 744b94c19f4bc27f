import { describe, expect, it } from 'vitest'
import {
  type Direction,
  findInPage,
  findOnLane,
  matchesSay,
  needleOf,
  pageSize,
  type ReadPage,
  searchingSays,
} from '../../../../renderer/features/bytes/find.ts'
import { success } from '../../../../shared/ipc/result.ts'
import { bytesView } from '../../build.ts'

const lane = new Uint8Array(pageSize * 2 + 500)
const needle = Uint8Array.of(7, 8, 9)
const places = [40, pageSize - 1, pageSize * 2 + 100]
for (const place of places) lane.set(needle, place)

const read: ReadPage = async (_, from, count) =>
  success(bytesView({ from, bytes: lane.slice(from, from + count), length: lane.length }))

async function find(from: number, direction: Direction, what = needle) {
  const search = { read, lane: 'clientToServer', needle: what, signal: new AbortController().signal } as const
  const found = await findOnLane(search, from, lane.length, direction)
  return found.ok ? (found.value?.start ?? null) : found.error
}

describe('searching a lane', () => {
  it('goes from match to match, also across the borders of pages, and around', async () => {
    const met: unknown[] = []
    for (let at = 0, round = 0; round < 4; round++) {
      const found = await find(at, 'forwards')
      met.push(found)
      at = Number(found) + 1
    }
    expect(met).toEqual([...places, places[0]])
  })

  it('goes backwards the same way', async () => {
    const met: unknown[] = []
    for (let at = lane.length, round = 0; round < 4; round++) {
      const found = await find(at, 'backwards')
      met.push(found)
      at = Number(found)
    }
    expect(met).toEqual([...[...places].reverse(), places.at(-1)])
  })

  it('tells how much was searched without a match, as far as the match or the whole lane', async () => {
    const told: number[] = []
    const search = {
      ...{ read, lane: 'clientToServer' as const, signal: new AbortController().signal },
      onSearched: (bytes: number) => told.push(bytes),
    }
    await findOnLane({ ...search, needle }, places[1]! + 1, lane.length, 'forwards')
    expect(told).toEqual([pageSize])
    await findOnLane({ ...search, needle: Uint8Array.of(1, 2, 3) }, 0, lane.length, 'backwards')
    const all = told.slice(1).reduce((sum, bytes) => sum + bytes, 0)
    expect([searchingSays(0, all), searchingSays(all / 2, all), searchingSays(all, lane.length)]).toEqual([
      'Searching…',
      'Searching… 50%',
      'Searching… 100%',
    ])
  })

  it('finds nothing that is not there, and nothing for nothing', async () => {
    expect(await find(0, 'forwards', Uint8Array.of(1, 2, 3))).toBeNull()
    expect(await find(0, 'backwards', Uint8Array.of(1, 2, 3))).toBeNull()
    expect(await find(0, 'forwards', new Uint8Array())).toBeNull()
  })

  it('takes the nearest match of a page from either side', () => {
    const page = Uint8Array.of(7, 8, 9, 0, 7, 8, 9)
    expect([findInPage(page, needle, 'forwards'), findInPage(page, needle, 'backwards')]).toEqual([0, 4])
  })

  it('reads text as UTF-8 and hex as bytes, and says when hex is not whole bytes', () => {
    expect(needleOf('é', 'text')).toEqual(success(Uint8Array.of(0xc3, 0xa9)))
    expect(needleOf('8f 18', 'hex')).toEqual(success(Uint8Array.of(0x8f, 0x18)))
    expect(needleOf('8f 1', 'hex').ok).toBe(false)
  })
})

describe('what is said of matches', () => {
  const answer = { problem: null, total: 1_400, row: null, hits: [], searched: 50, of: 50 }
  it.each([
    [answer, '2 of 1,400'],
    [{ ...answer, searched: 25 }, '2 of 1,400, 50% searched'],
    [{ ...answer, total: 0 }, 'No unit matches'],
    [{ ...answer, problem: 'It makes no sense.' }, 'It makes no sense.'],
  ])('is their number, or what is in the way', (given, says) => {
    expect(matchesSay(given, 1)).toBe(says)
  })
})
