import { describe, expect, it } from 'vitest'
import {
  box,
  diagramOf,
  type Edge,
  edgeLabel,
  isFailing,
  letter,
  lookOf,
  movesFrom,
  stateBeside,
  triggerName,
} from '../../../../renderer/features/states/diagram.ts'
import { roles } from '../../../../shared/bytes/lanes.ts'
import { dialects } from '../../../../shared/dialects/registry.ts'
import { tableFor } from '../../../../shared/endpoint/tables.ts'
import type { StateName, Transition } from '../../../../shared/endpoint/types.ts'

const machines = dialects.flatMap((dialect) =>
  roles.map((role) => ({ id: dialect.id, role, table: tableFor(dialect, role) })),
)

interface Rectangle {
  readonly of: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function overlapping(rectangles: readonly Rectangle[]): readonly string[] {
  return rectangles.flatMap((one, index) =>
    rectangles.slice(index + 1).flatMap((other) => (overlaps(one, other) ? [`${one.of} and ${other.of}`] : [])),
  )
}

/** Letters reach as far above the baseline as capitals are high, and a little below. */
function labelOf(edge: Edge): Rectangle {
  const half = (edgeLabel(edge).length * letter.wide) / 2
  const { x, y } = edge.label
  return {
    of: `${edge.from} > ${edge.to}`,
    left: x - half,
    right: x + half,
    top: y - letter.size * 0.75,
    bottom: y + letter.size * 0.2,
  }
}

function move(edge: Edge): Transition {
  return { role: 'client', from: edge.from, to: edge.to, trigger: 'fault', cite: '' }
}

describe.each(machines)('the picture of the $role of $id', ({ table }) => {
  const { nodes, edges, width, height } = diagramOf(table)
  const boxes = nodes.map(
    ({ name, x, y }): Rectangle => ({ of: name, left: x, right: x + box.width, top: y, bottom: y + box.height }),
  )

  /** Labels that show at once when `state` is looked at after `last`. */
  function labels(state: StateName, last: Transition | null) {
    return edges.filter((edge) => ['taken', 'possible'].includes(lookOf(edge, state, last))).map(labelOf)
  }

  it('has every state of the table once', () => {
    const states = new Set(table.flatMap(({ from, to }) => [from, to]))
    expect(new Set(nodes.map(({ name }) => name))).toEqual(states)
    expect(nodes).toHaveLength(states.size)
  })

  it('has every move of the table, as an edge or at its state', () => {
    for (const { from, to, trigger } of table) {
      const shown =
        from === to
          ? nodes.find(({ name }) => name === from)?.loops
          : edges.find((edge) => edge.from === from && edge.to === to)?.triggers
      expect(shown, `${from} to ${to} by ${trigger}`).toContain(trigger)
    }
  })

  it('lays no box over another, and all of them inside the picture', () => {
    expect(overlapping(boxes)).toEqual([])
    for (const { left, right, top, bottom } of boxes) {
      expect(left >= 0 && top >= 0 && right <= width && bottom <= height).toBe(true)
    }
  })

  it('lays no label over a box or another label, whatever move an end made last and whichever state is looked at', () => {
    const seen = [
      ...edges.map((last) => labels(last.to, move(last))),
      ...nodes.map(({ name }) => labels(name, null)), // another state is looked at than the present one
    ]
    for (const shown of seen) {
      expect(overlapping(shown)).toEqual([])
      for (const label of shown) expect(boxes.filter((one) => overlaps(label, one))).toEqual([])
    }
  })

  it('keeps labels inside the picture', () => {
    for (const label of edges.map(labelOf)) {
      expect(label.left >= 0 && label.right <= width && label.top >= 0 && label.bottom <= height, label.of).toBe(true)
    }
  })

  it('fits two of them side by side into a window of 1280 pixels, each with its list', () => {
    expect(width).toBeLessThan(430)
    expect(height).toBeLessThan(160)
  })

  it('leads from the first state to the right, and no name has a word too long for its box', () => {
    const first = nodes.find(({ name }) => name === table[0]?.from)
    const open = nodes.find(({ name }) => name === 'OPEN')
    expect(first?.column).toBe(0)
    expect(open?.y).toBe(first?.y)
    expect(Math.max(...nodes.flatMap(({ lines }) => lines.map((word) => word.length * 6)))).toBeLessThan(box.width)
  })
})

it('arrow keys go along the upper band, then along the lower one, and stop at both ends', () => {
  const diagram = diagramOf(tableFor(dialects.find(({ id }) => id === 'rfc6455')!, 'client'))
  expect(stateBeside(diagram, 'IDLE', 'ArrowRight')).toBe('AWAITING_RESPONSE')
  expect(stateBeside(diagram, 'FAILED', 'ArrowRight')).toBe('CLOSED')
  expect(stateBeside(diagram, 'IDLE', 'ArrowLeft')).toBeNull()
  expect(stateBeside(diagram, 'IDLE', 'x')).toBeNull()
})

describe('an edge', () => {
  const { edges } = diagramOf(machines.find(({ id }) => id === 'hello-00')!.table)
  const open = edges.find(({ from, to }) => from === 'OPEN' && to === 'CLOSE_SENT')!
  const failed = edges.find(({ to }) => to === 'FAILED')!

  it('stands out when it was the last move', () => {
    expect(lookOf(open, 'CLOSE_SENT', move(open))).toBe('taken')
  })

  it('that can come next is plain to see', () => {
    expect([lookOf(open, 'OPEN', null), lookOf(open, 'IDLE', null)]).toEqual(['possible', 'plain'])
  })

  it('that fails is shown only once it was taken', () => {
    expect(lookOf(failed, failed.from, null)).toBe('hidden')
    expect(lookOf(failed, 'FAILED', move(failed))).toBe('taken')
  })

  it('is labelled in words, with how many more there are', () => {
    expect(triggerName('receiveCloseReply')).toBe('receive close reply')
    expect(edgeLabel({ ...open, triggers: ['sendClose', 'timeout'] })).toBe('send close +1')
  })
})

describe('the moves from a state', () => {
  const table = tableFor(dialects.find(({ id }) => id === 'hello-00')!, 'client')

  it('are all of the table: first what leads on, then what stays, then what fails', () => {
    const moves = movesFrom(table, 'OPEN')
    expect(moves).toHaveLength(table.filter(({ from }) => from === 'OPEN').length)
    expect(moves[0]?.to).not.toBe('OPEN')
    expect(isFailing(moves[0]!)).toBe(false)
    expect(isFailing(moves.at(-1)!)).toBe(true)
  })

  it('are none where the end has come to its end', () => {
    expect([movesFrom(table, 'CLOSED'), movesFrom(table, 'FAILED')]).toEqual([[], []])
  })
})
