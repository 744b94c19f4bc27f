import { describe, expect, it } from 'vitest'
import { runTree, splitPath } from '../../../../renderer/features/sessions/sessions.ts'

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
