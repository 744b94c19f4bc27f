// A guest of the chat: its line, and what it knows of the room.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type ChatRequest, chatEvent } from '../../../shared/samples/chat.ts'
import { type Connect, createLine, type Line } from '../line.ts'
import { heard, heardNonsense, outside, type Room } from './room.ts'

export interface ChatClient {
  readonly line: Line
  readonly room: StoreApi<Room>
  /** Comes in under a name, connecting where that is needed. */
  join(name: string): void
  say(text: string): void
  /** What stands in the box changed: the others are told when somebody begins or ceases to type. */
  typed(text: string): void
  leave(): void
}

export function createChatClient(connect: Connect): ChatClient {
  const room = createStore<Room>(() => outside)
  let name = ''
  let typing = false
  const tell = (request: ChatRequest) => line.send(request)
  const line = createLine(connect, {
    opened: () => {
      room.setState(outside)
      typing = false
      tell({ type: 'join', name })
    },
    heard: (data) => {
      const event = chatEvent.safeParse(data)
      room.setState((now) => (event.success ? heard(now, event.data) : heardNonsense(now)))
    },
  })
  line.store.subscribe(({ state }) => {
    if (state === 'closed') room.setState({ joined: false, people: [], typing: [] })
  })
  return {
    ...{ line, room },
    join: (wanted) => {
      name = wanted
      if (line.store.getState().state === 'open') tell({ type: 'join', name })
      else line.open()
    },
    say: (text) => {
      typing = false
      tell({ type: 'say', text })
    },
    typed: (text) => {
      if (typing === (text !== '')) return
      typing = text !== ''
      tell({ type: 'typing', typing })
    },
    leave: line.close,
  }
}
