// Lab runs with nodes between the ends: both legs are there, stepped as one, and say where a dialect breaks.
import { describe, expect, it } from 'vitest'
import { chainRows } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import type { intermediaryKinds } from '../../../shared/intermediaries/intermediary.ts'
import { converse, logOf, must, openWorkspace, runAll, whereOf } from './labs.ts'

async function labVia(dialect: (typeof dialectIds)[number], ...via: (typeof intermediaryKinds)[number][]) {
  const workspace = openWorkspace()
  return must(await workspace.openLab({ dialect, seed: 7, via }))
}

type Run = Awaited<ReturnType<typeof labVia>>

const clientOf = (run: Run) => run.view().connections[0]!.states.client
const serverOf = (run: Run) => run.view().connections.at(-1)!.states.server
const notesOf = ({ capture }: Run) =>
  Array.from({ length: capture.length }, (_, index) => capture.record(index)).flatMap((record) =>
    record.kind === 'note' ? [record.text] : [],
  )

describe.each(dialectIds)('%s', (dialect) => {
  it.each(['relay', 'link'] as const)('survives a %s', async (kind) => {
    const run = await labVia(dialect, kind)
    await converse(run)
    expect([clientOf(run), serverOf(run)]).toEqual(['CLOSED', 'CLOSED'])
  })
})

describe('a reverse proxy', () => {
  it('lets Upgrade+Hello through, whose nonces are frames after the 101', async () => {
    const run = await labVia('hello-00', 'reverse-proxy')
    await converse(run)
    expect([clientOf(run), serverOf(run)]).toEqual(['CLOSED', 'CLOSED'])
    expect(notesOf(run)).toEqual([])
  })

  it('keeps the eight bytes of hixie-76, so that both ends wait for ever', async () => {
    const run = await labVia('hixie-76', 'reverse-proxy')
    await runAll(run)
    expect([clientOf(run), serverOf(run)]).toEqual(['AWAITING_CHALLENGE', 'AWAITING_KEY3'])
    expect(notesOf(run).at(-1)).toMatch(/the 8 bytes stay with the request parser, and the server waits for them/)
  })
})

describe('a chain', () => {
  it('has a connection for each leg, and is stepped unit by unit across them', async () => {
    const run = await labVia('rfc6455', 'relay', 'relay')
    expect(run.capture.connections.map(({ id, opened }) => [id, opened.leg])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ])
    const shown: number[] = []
    for (let count = 0; count < 6; count += 1) {
      must(await run.step('unit'))
      shown.push(run.view().connection)
    }
    expect(shown).toEqual([1, 2, 3, 3, 2, 1])
    expect([clientOf(run), serverOf(run)]).toEqual(['OPEN', 'OPEN'])
    must(await run.back(2))
    expect(run.view().connection).toBe(2)
    expect(clientOf(run)).toBe('AWAITING_RESPONSE')
    must(await run.step('unit', { count: 2 }))
    expect(clientOf(run)).toBe('OPEN')
  })

  it('is the same for the same seed', async () => {
    const [one, other] = [await labVia('hybi-03', 'cache', 'link'), await labVia('hybi-03', 'cache', 'link')]
    await converse(one)
    await converse(other)
    expect(logOf(one.capture)).toEqual(logOf(other.capture))
  })

  it('can be forked, and goes on with all its nodes', async () => {
    const run = await labVia('hello-00', 'reverse-proxy', 'relay')
    must(await run.step('unit', { count: 4 }))
    const fork = whereOf(await run.fork())
    await converse(fork)
    expect([clientOf(fork), serverOf(fork)]).toEqual(['CLOSED', 'CLOSED'])
  })
})

describe('the ladder of a chain', () => {
  it('has the rows of all legs in the order they happened, numbered as a whole', async () => {
    const run = await labVia('hello-00', 'reverse-proxy')
    await runAll(run)
    const { capture } = run
    const { total, rows } = chainRows(capture, capture.end, 0, 100)
    expect(rows.map(({ connection, lane, label }) => [connection, lane, label])).toEqual([
      [1, 'clientToServer', 'GET /demo'],
      [2, 'clientToServer', 'GET /demo'],
      [2, 'serverToClient', '101 Switching Protocols'],
      [2, 'serverToClient', 'Hello'],
      [1, 'serverToClient', '101 Switching Protocols'],
      [1, 'serverToClient', 'Hello'],
      [1, 'clientToServer', 'Hello'],
      [2, 'clientToServer', 'Hello'],
    ])
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(run.view()).toMatchObject({ rowsDone: total, rowsTotal: total, via: ['reverse-proxy'] })
    expect(chainRows(capture, capture.end, 3, 2).rows).toEqual(rows.slice(3, 5))
  })

  it('links the fragments of a message on each leg, by where they are in the whole', async () => {
    const run = await labVia('rfc6455', 'relay')
    await runAll(run)
    const { total } = chainRows(run.capture, run.capture.end, 0, 0)
    must(await run.act('client', { kind: 'sendText', text: 'in three', fragments: 3 }))
    const linked = () => {
      const { capture } = run
      const { rows } = chainRows(capture, run.view().cursor, total, 100)
      return rows.map(({ connection, index, messageRow, final }) => [
        connection,
        index - total,
        messageRow! - total,
        final,
      ])
    }
    expect(linked()).toEqual([
      [1, 0, 0, false],
      [1, 1, 0, false],
      [1, 2, 0, true],
    ])
    must(await run.step('unit', { count: 2 }))
    expect(linked()).toEqual([
      [1, 0, 0, false],
      [1, 1, 0, false],
      [1, 2, 0, true],
      [2, 3, 3, false],
      [2, 4, 3, false],
    ])
    await runAll(run)
    const rows = linked()
    expect(rows.length).toBe(6)
    for (const [connection, , first] of rows) {
      expect(first).toBe(rows.findIndex(([leg]) => leg === connection))
    }
    expect(chainRows(run.capture, run.capture.end, total + 4, 2).rows.map(({ messageRow }) => messageRow)).toEqual(
      rows.slice(4).map(([, , first]) => total + Number(first)),
    )
  })

  it('has what is held last, and what a node said as of the cursor', async () => {
    const run = await labVia('hixie-76', 'reverse-proxy')
    must(await run.step('unit', { count: 2 }))
    const { rows } = chainRows(run.capture, run.view().cursor, 0, 100)
    expect(rows.map(({ connection, delivered }) => [connection, delivered > 0])).toEqual([
      [1, true],
      [1, true],
      [2, false],
    ])
    expect(run.view().said).toEqual({ node: 'Reverse proxy', says: expect.stringMatching(/the 8 bytes behind it/) })
    must(await run.back(1))
    expect(run.view().said).toBe(null)
  })
})
