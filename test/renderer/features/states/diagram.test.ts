import { describe, expect, it } from 'vitest'
import { box, diagramOf, lookOf, triggerList, triggerName } from '../../../../renderer/features/states/diagram.ts'
import { roles } from '../../../../shared/bytes/lanes.ts'
import { dialects } from '../../../../shared/dialects/registry.ts'
import { tableFor } from '../../../../shared/endpoint/tables.ts'

const machines = dialects.flatMap((dialect) =>
  roles.map((role) => ({ id: dialect.id, role, table: tableFor(dialect, role) })),
)

describe.each(machines)('the picture of the $role of $id', ({ table }) => {
  const { nodes, edges, width, height } = diagramOf(table)

  it('has every state of the table once', () => {
    const states = new Set(table.flatMap(({ from, to }) => [from, to]))
    expect(new Set(nodes.map(({ name }) => name))).toEqual(states)
    expect(nodes).toHaveLength(states.size)
  })

  it('has every move of the table, as an edge or listed at its state', () => {
    for (const { from, to, trigger } of table) {
      const shown =
        from === to
          ? nodes.find(({ name }) => name === from)?.loops
          : edges.find((edge) => edge.from === from && edge.to === to)?.triggers
      expect(shown, `${from} to ${to} by ${trigger}`).toContain(trigger)
    }
  })

  it('lays no box over another, and all of them inside the picture', () => {
    for (const [index, one] of nodes.entries()) {
      expect(one.x >= 0 && one.y >= 0 && one.x + box.width <= width && one.y + box.height <= height).toBe(true)
      for (const other of nodes.slice(index + 1)) {
        const apart = Math.abs(one.x - other.x) >= box.width || Math.abs(one.y - other.y) >= box.height
        expect(apart, `${one.name} and ${other.name}`).toBe(true)
      }
    }
  })

  it('begins at the top left with the state the table begins with', () => {
    const first = nodes.find(({ name }) => name === table[0]?.from)
    expect(first).toMatchObject({ x: Math.min(...nodes.map(({ x }) => x)), y: Math.min(...nodes.map(({ y }) => y)) })
  })
})

describe('an edge', () => {
  const [machine] = machines
  const { edges } = diagramOf(machine!.table)
  const open = edges.find(({ from, to }) => from === 'OPEN' && to === 'CLOSE_SENT')!
  const failed = edges.find(({ to }) => to === 'FAILED')!
  const move = (from: typeof open.from, to: typeof open.to) =>
    ({ role: 'client', from, to, trigger: 'fault', cite: '' }) as const

  it('stands out when it was the last move', () => {
    expect(lookOf(open, 'CLOSE_SENT', move('OPEN', 'CLOSE_SENT'))).toBe('taken')
  })

  it('that can come next is plain to see', () => {
    expect([lookOf(open, 'OPEN', null), lookOf(open, 'IDLE', null)]).toEqual(['possible', 'plain'])
  })

  it('that fails is shown only once it was taken', () => {
    expect(lookOf(failed, failed.from, null)).toBe('hidden')
    expect(lookOf(failed, 'FAILED', move(failed.from, 'FAILED'))).toBe('taken')
  })

  it('is labelled in words, with how many more there are', () => {
    expect(triggerName('receiveCloseReply')).toBe('receive close reply')
    expect(triggerList(['sendData', 'sendPing', 'sendPong'], 2)).toBe('send data, send ping +1')
  })
})
