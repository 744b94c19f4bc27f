import { describe, expect, it } from 'vitest'
import { footOf } from '../../../../renderer/features/ladder/foot.ts'
import {
  type Arrow,
  arrowsOf,
  endsOf,
  gateLine,
  handshakeRows,
  isHeld,
  isSelected,
  legOf,
  lifelines,
  lineCount,
  lineOfRow,
  rowAtLine,
  spokenRow,
  targetOfKey,
} from '../../../../renderer/features/ladder/ladder.ts'
import type { LadderRow } from '../../../../shared/capture/view.ts'
import { connectionView, ladderRow, runView, runWith } from '../../build.ts'

describe('the ends of the ladder', () => {
  const addresses = { client: { host: '127.0.0.1', port: 50123 }, server: { host: '::1', port: 9000 } }

  it('are in process in the lab, and at their ports where other programs stand there', () => {
    const inProcess = endsOf(connectionView({ inProcess: true }))
    expect([inProcess.client, inProcess.server]).toMatchObject([
      { name: 'Client', where: 'in process' },
      { name: 'Server', where: 'in process' },
    ])
    expect(endsOf(connectionView({ inProcess: false, ...addresses }))).toEqual({
      client: { name: 'Client', where: ':50123', address: '127.0.0.1:50123' },
      server: { name: 'Server', where: ':9000', address: '[::1]:9000' },
    })
    expect(endsOf(undefined).client).toEqual({ name: 'Client', where: '', address: '' })
  })

  it('are a policy client and a policy server in a policy exchange', () => {
    const { client, server } = endsOf(connectionView({ policy: true, inProcess: false, ...addresses }))
    expect([client, server]).toEqual([
      { name: 'Policy client', where: '', address: '127.0.0.1:50123' },
      { name: 'Policy server', where: '', address: '[::1]:9000' },
    ])
  })
})

function arrow(part: Partial<LadderRow>, done = 1) {
  const [only] = arrowsOf([ladderRow(part)], done)
  return only!
}

describe('an arrow', () => {
  it('is done when all its bytes were let through', () => {
    expect(arrow({})).toMatchObject({ phase: 'done', fraction: 1, size: '10 B', rightwards: true })
  })

  it('is drawn as far as its bytes were let through', () => {
    expect(arrow({ delivered: 3 })).toMatchObject({ phase: 'inFlight', fraction: 0.3, size: '3 of 10 B' })
  })

  it('is held before its first byte', () => {
    expect(arrow({ delivered: 0 })).toMatchObject({ phase: 'held', fraction: 0 })
  })

  it('of unknown length is never drawn past the middle', () => {
    expect(arrow({ delivered: 10, complete: false })).toMatchObject({
      phase: 'inFlight',
      fraction: 0.5,
      size: '10 B so far',
    })
  })

  it('of the end of a stream is held until its row is done', () => {
    const end = { kind: 'fin', span: { start: 9, end: 9 }, delivered: 0 } as const
    expect(arrow(end, 1)).toMatchObject({ phase: 'done', size: '' })
    expect(arrow(end, 0)).toMatchObject({ phase: 'held' })
    expect(isHeld(arrow(end, 0))).toBe(false)
  })

  it('points left when the server sends', () => {
    expect(arrow({ lane: 'serverToClient' }).rightwards).toBe(false)
  })

  it('is spoken with all that is drawn of it', () => {
    const fault = { code: 'hello.digest', severity: 'violation' } as const
    expect(spokenRow(arrow({ delivered: 0, edited: 'edited', fault }))).toBe(
      'client to server, text, "hello", 10 B, held, edited, violation: hello.digest',
    )
  })

  it('names the unit at the gate by who sends it and its first byte', () => {
    expect(gateLine('drop', ladderRow({ lane: 'serverToClient', span: { start: 166, end: 192 } }))).toBe(
      'drop server 166',
    )
  })
})

describe('brackets', () => {
  const fragment = (index: number, messageRow: number, final: boolean, lane: LadderRow['lane'] = 'clientToServer') =>
    ladderRow({ index, messageRow, final, lane })
  const pieces = ({ brackets }: Arrow) => brackets.map((each) => `${each.connection} ${each.sender} ${each.piece}`)

  it('reach from the first to the last frame of a message, past what comes in between', () => {
    const rows = [
      fragment(0, 0, false),
      ladderRow({ index: 1, tone: 'control' }),
      fragment(2, 0, false),
      fragment(3, 0, true),
    ]
    expect(arrowsOf(rows, 4).map(pieces)).toEqual([
      ['0 client first'],
      ['0 client inside'],
      ['0 client inside'],
      ['0 client last'],
    ])
  })

  it('stand on the side of the sender, also when both send at once', () => {
    const rows = [
      fragment(0, 0, false),
      fragment(1, 1, false, 'serverToClient'),
      fragment(2, 0, true),
      fragment(3, 1, true, 'serverToClient'),
    ]
    expect(arrowsOf(rows, 4).map(pieces)).toEqual([
      ['0 client first'],
      ['0 client inside', '0 server first'],
      ['0 server inside', '0 client last'],
      ['0 server last'],
    ])
  })

  it('are of one leg each, where a message is under way on two', () => {
    const rows = [
      fragment(0, 0, false),
      { ...fragment(1, 1, false), connection: 2 },
      fragment(2, 0, true),
      { ...fragment(3, 1, true), connection: 2 },
    ]
    expect(arrowsOf(rows, 4).map(pieces)).toEqual([
      ['0 client first'],
      ['0 client inside', '2 client first'],
      ['2 client inside', '0 client last'],
      ['2 client last'],
    ])
  })

  it('do not stand around a message of one frame', () => {
    expect(arrow({ final: true }).brackets).toEqual([])
  })
})

describe('the folding handshake', () => {
  it('is what stands before the first message', () => {
    const tones = ['http', 'http', 'hello', 'data', 'hello'] as const
    expect(handshakeRows(tones.map((tone, index) => ladderRow({ index, tone })))).toBe(3)
  })

  it('has a line of its own, and every row its line, open or folded', () => {
    for (const folded of [false, true]) {
      const lines = Array.from({ length: lineCount(10, 3, folded) }, (_, line) => rowAtLine(line, 3, folded))
      expect(lines[0]).toBe('fold')
      expect(lines.slice(1)).toEqual(Array.from({ length: folded ? 7 : 10 }, (_, row) => row + (folded ? 3 : 0)))
      for (const row of lines) if (row !== 'fold') expect(rowAtLine(lineOfRow(row, 3, folded), 3, folded)).toBe(row)
    }
  })

  it('is where its rows are found while it is folded', () => {
    expect([0, 1, 2].map((row) => lineOfRow(row, 3, true))).toEqual([0, 0, 0])
  })

  it('has no line when it is a single row', () => {
    expect([rowAtLine(0, 1, true), lineCount(5, 1, true), lineOfRow(4, 1, true)]).toEqual([0, 5, 4])
  })
})

describe('the selected row', () => {
  const selection = { lane: 'clientToServer', offset: 5, span: null, follows: true } as const

  it('holds the selected byte on its lane', () => {
    expect(isSelected(ladderRow(), selection, 0)).toBe(true)
    expect(isSelected(ladderRow({ lane: 'serverToClient' }), selection, 0)).toBe(false)
    expect(isSelected(ladderRow({ span: { start: 6, end: 9 } }), selection, 0)).toBe(false)
  })

  it('is of the connection that is shown', () => {
    expect(isSelected(ladderRow({ connection: 2 }), selection, 1)).toBe(false)
  })

  it('is the end of the stream when that is where the selection stands', () => {
    expect(isSelected(ladderRow({ kind: 'fin', span: { start: 5, end: 5 } }), selection, 0)).toBe(true)
  })

  it('is never a dropped unit, whose bytes are another unit’s now', () => {
    expect(isSelected(ladderRow({ kind: 'dropped' }), selection, 0)).toBe(false)
  })

  it.each([
    ['ArrowDown', 4],
    ['ArrowUp', 2],
    ['Home', 0],
    ['End', 8],
    ['PageDown', 8],
    ['x', null],
  ])('moves by %s to %s', (key, row) => expect(targetOfKey(key, 3, 9)).toBe(row))
})

describe('the line under the ladder', () => {
  it('tells a newcomer what to press before the first byte', () => {
    expect(footOf(runWith(0, 0)).says).toBe('Press F10 to let the first unit through.')
  })

  it('says what comes next and how much is held', () => {
    expect(footOf(runWith(9, 0)).says).toBe('next: GET /demo, 10 bytes held at the gate')
  })

  it('says which breakpoint stopped the run', () => {
    expect(footOf(runWith(9, 0, { stoppedBy: 'breakpoint 1: opcode=text' }))).toEqual({
      look: 'stopped',
      says: 'Stopped by breakpoint 1: opcode=text.',
    })
  })

  it('is never empty', () => {
    for (const activity of ['paused', 'running', 'ended'] as const) {
      for (const atEnd of [true, false]) {
        expect(footOf(runView({ activity, atEnd, next: null })).says).not.toBe('')
      }
    }
  })
})

describe('the lifelines', () => {
  const via = ['reverse-proxy', 'cache'] as const

  it('are the ends and what stands between them', () => {
    expect(lifelines([])).toEqual(['Client', 'Server'])
    expect(lifelines(via)).toEqual(['Client', 'Reverse proxy', 'Cache', 'Server'])
  })

  it('have the arrows of each leg between its two', () => {
    const connections = [1, 2, 3].map((id) => connectionView({ id }))
    const leg = (id: number) => legOf(id, { via, connections, connection: 3 })
    expect(leg(1)).toEqual({ at: 0, of: 3, shown: false, ends: { client: 'Client', server: 'Reverse proxy' } })
    expect(leg(3)).toEqual({ at: 2, of: 3, shown: true, ends: { client: 'Cache', server: 'Server' } })
  })

  it('are named for screen readers', () => {
    const [arrow] = arrowsOf([ladderRow()], 1)
    expect(spokenRow(arrow!, { client: 'Client', server: 'Reverse proxy' })).toMatch(/^Client to Reverse proxy, text/)
  })
})
