import { describe, expect, it } from 'vitest'
import { heard, heardNonsense, outside, type Room, typingSentence } from '../../../../renderer/pages/chat/room.ts'
import type { ChatEvent } from '../../../../shared/samples/chat.ts'

function roomAfter(...events: readonly ChatEvent[]): Room {
  return events.reduce(heard, outside)
}

const welcome: ChatEvent = {
  type: 'welcome',
  people: ['Ann'],
  history: [{ from: 'Bob', text: 'earlier', time: 1 }],
}

describe('what a guest knows of the room', () => {
  it('begins with who is there and what was said', () => {
    const said = { kind: 'said', from: 'Bob', text: 'earlier', time: 1 }
    expect(roomAfter(welcome)).toEqual({ ...outside, joined: true, people: ['Ann'], entries: [said] })
  })

  it('follows who comes and goes, and forgets that somebody typed who left', () => {
    const room = roomAfter(
      welcome,
      { type: 'joined', name: 'Cleo' },
      { type: 'typing', name: 'Cleo', typing: true },
      { type: 'left', name: 'Cleo' },
    )
    expect(room).toMatchObject({ people: ['Ann'], typing: [] })
    expect(room.entries.slice(1)).toEqual([
      { kind: 'note', text: 'Cleo came in' },
      { kind: 'note', text: 'Cleo left' },
    ])
  })

  it('keeps a refusal until somebody speaks', () => {
    const refused = roomAfter(welcome, { type: 'refused', why: 'Not so.' })
    expect(refused.refusal).toBe('Not so.')
    expect(heard(refused, { type: 'said', from: 'Ann', text: 'x', time: 2 }).refusal).toBeNull()
  })

  it('keeps the last 200 entries', () => {
    const many = Array.from({ length: 250 }, (_, time): ChatEvent => ({ type: 'said', from: 'Ann', text: 'x', time }))
    const { entries } = roomAfter(...many)
    expect(entries).toHaveLength(200)
    expect(entries[0]).toMatchObject({ time: 50 })
  })

  it('says so when something came that no room says', () => {
    expect(heardNonsense(outside).entries).toEqual([
      { kind: 'note', text: 'Something came that is no message of a chat' },
    ])
  })

  it('names who is typing', () => {
    expect([[], ['Ann'], ['Ann', 'Bob']].map(typingSentence)).toEqual(['', 'Ann is typing…', 'Ann and Bob are typing…'])
  })
})
