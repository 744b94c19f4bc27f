// A guest of the chat, as a value: what it knows of the room after each thing it heard.
import type { ChatEvent, Said } from '../../../shared/samples/chat.ts'

/** A line of the room: what somebody said, or what happened. */
export type Entry = ({ readonly kind: 'said' } & Said) | { readonly kind: 'note'; readonly text: string }

export interface Room {
  readonly joined: boolean
  readonly people: readonly string[]
  readonly entries: readonly Entry[]
  /** Who is typing. */
  readonly typing: readonly string[]
  /** What the room did not do, and why. */
  readonly refusal: string | null
}

export const outside: Room = { joined: false, people: [], entries: [], typing: [], refusal: null }

/** Entries that are kept; the recording has them all. */
const most = 200

export function heard(room: Room, event: ChatEvent): Room {
  switch (event.type) {
    case 'welcome':
      return { ...outside, joined: true, people: event.people, entries: event.history.map(saidEntry) }
    case 'joined':
      return note({ ...room, people: [...room.people, event.name] }, `${event.name} came in`)
    case 'left':
      return note({ ...without(room, event.name), people: room.people.filter(isNot(event.name)) }, `${event.name} left`)
    case 'said':
      return add({ ...room, refusal: null }, saidEntry(event))
    case 'typing':
      return event.typing ? { ...room, typing: [...room.typing, event.name] } : without(room, event.name)
    case 'refused':
      return { ...room, refusal: event.why }
  }
}

/** What came is nothing that a room says: somebody has been at the gate. */
export function heardNonsense(room: Room): Room {
  return note(room, 'Something came that is no message of a chat')
}

function isNot(name: string) {
  return (other: string) => other !== name
}

function without(room: Room, name: string): Room {
  return { ...room, typing: room.typing.filter(isNot(name)) }
}

function saidEntry({ from, text, time }: Said): Entry {
  return { kind: 'said', from, text, time }
}

function note(room: Room, text: string): Room {
  return add(room, { kind: 'note', text })
}

function add(room: Room, entry: Entry): Room {
  return { ...room, entries: [...room.entries, entry].slice(-most) }
}

/** `Ann and Bob are typing`; empty when nobody is. */
export function typingSentence(typing: readonly string[]): string {
  if (typing.length === 0) return ''
  return typing.length === 1 ? `${typing[0]} is typing…` : `${typing.join(' and ')} are typing…`
}
