import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { aligned, bytesOf, type NamedCell } from '../../../shared/compare/align.ts'

/** `>text 7`: a text of 7 bytes from the client; `<` from the server. */
function cell(text: string): NamedCell {
  const [name = '', size = ''] = text.slice(1).split(' ')
  const lane: Lane = text.startsWith('>') ? 'clientToServer' : 'serverToClient'
  const rest = { label: name, preview: '', tone: 'data', keyBytes: 0, masked: false, http: false, offset: 0 } as const
  return { ...rest, lane, name, size: Number(size), cursor: { record: 0, bytes: 0 } }
}

/** The rows as text, a dash where a column has none. */
function rows(...columns: readonly (readonly string[])[]): readonly string[] {
  return aligned(columns.map((cells) => cells.map(cell))).map(
    ({ lane, name, cells }) =>
      `${lane === 'clientToServer' ? '>' : '<'}${name} ${cells.map((one) => one?.size ?? '-').join(' ')}`,
  )
}

describe('aligning ladders', () => {
  it('puts units of one name and lane on one row', () => {
    expect(rows(['>request 200', '<response 100'], ['>request 190', '<response 90'])).toEqual([
      '>request 200 190',
      '<response 100 90',
    ])
  })

  it('puts what only some have where they have it', () => {
    expect(
      rows(
        ['>request 1', '<response 2', '<proof 26', '>proof 18'],
        ['>request 3', '<response 4'],
        ['>request 5', '>proof 8', '<response 6', '<proof 16'],
      ),
    ).toEqual(['>request 1 3 5', '>proof - - 8', '<response 2 4 6', '<proof 26 - 16', '>proof 18 - -'])
  })

  it('keeps a proof that comes with the request apart from one that answers the server’s', () => {
    const hello = ['>request 1', '<response 2', '<proof 26', '>proof 18']
    const keys = ['>request 3', '>proof 8', '<response 4', '<proof 16']
    const wanted = ['>request 3 1', '>proof 8 -', '<response 4 2', '<proof 16 26', '>proof - 18']
    expect(rows(keys, hello)).toEqual(wanted)
    expect(rows(hello, keys).map((row) => row.split(' ')[0])).toEqual(wanted.map((row) => row.split(' ')[0]))
  })

  it('tells the second of a kind from the first', () => {
    expect(rows(['>text 3', '>continuation 4', '>continuation 5'], ['>text 7', '>continuation 8'])).toEqual([
      '>text 3 7',
      '>continuation 4 8',
      '>continuation 5 -',
    ])
  })

  it('never puts the two lanes on one row', () => {
    expect(rows(['>close 2', '<close 2'], ['<close 4'])).toEqual(['>close 2 -', '<close 2 4'])
  })

  it('loses no unit and doubles none, whatever the order', () => {
    const columns = [
      ['>a 1', '<b 2', '>c 3'],
      ['>c 4', '<b 5', '>a 6'],
      ['<d 7', '>a 8', '>a 9'],
    ]
    const sizes = aligned(columns.map((cells) => cells.map(cell))).flatMap(({ cells }) => cells.map((one) => one?.size))
    expect(sizes.filter((size) => size !== undefined).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('counts bytes by lane', () => {
    expect(bytesOf(['>a 1', '<b 2', '>c 3'].map(cell))).toEqual({ clientToServer: 4, serverToClient: 2 })
  })
})
