import { describe, expect, it } from 'vitest'
import {
  elidable,
  runNote,
  runStatus,
  runTree,
  splitPath,
  targetOf,
} from '../../../../renderer/features/sessions/sessions.ts'

const run = (id: number, forkOf: number | null = null) =>
  ({ id, title: `run ${id}`, source: 'lab', live: true, forkOf }) as const

describe('the open runs', () => {
  it('have their forks under them, and forks of forks under those', () => {
    const tree = runTree([run(1), run(2), run(3, 1), run(4, 3), run(5, 1)])
    expect(tree.map(({ run: { id }, depth }) => [id, depth])).toEqual([
      [1, 0],
      [3, 1],
      [4, 2],
      [5, 1],
      [2, 0],
    ])
  })

  it('keep a fork whose origin was closed', () => {
    expect(runTree([run(3, 1)]).map(({ depth }) => depth)).toEqual([0])
  })
})

it.each([
  ['/home/a/b.pcapng', '/home/a', 'b.pcapng'],
  ['C:\\data\\b.pcapng', 'C:\\data', 'b.pcapng'],
  ['b.pcapng', '', 'b.pcapng'],
])('the path %s is in the folder %j and called %s', (path, folder, name) => {
  expect(splitPath(path)).toEqual({ folder, name })
})

it.each([
  ['/home/a/recordings', '/home/a', '/recordings'],
  ['C:\\data\\old', 'C:\\data', '\\old'],
  ['/data', '', '/data'],
])('the folder %s can be cut short before its last part', (folder, head, tail) => {
  expect(elidable(folder)).toEqual({ head, tail })
})

it('a run is called by its number, and a fork by what it left', () => {
  expect([runNote(run(1)), runNote(run(3, 1))]).toEqual(['run 1', 'run 3, fork of run 1'])
})

it('a run is live, a file, or over', () => {
  const words = [run(1), { ...run(1), live: false }, { ...run(1), live: false, source: 'file' as const }]
  expect(words.map((one) => runStatus(one).word)).toEqual(['live', 'ended', 'file'])
})

it('arrows go from row to row and stop at the ends; nothing moves while no row has the focus', () => {
  expect(targetOf('ArrowDown', 0, 2)).toBe(1)
  expect(targetOf('ArrowUp', 0, 2)).toBe(0)
  expect(targetOf('End', 0, 2)).toBe(2)
  expect([targetOf('ArrowDown', -1, 2), targetOf('x', 0, 2)]).toEqual([null, null])
})
