import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import { useSession } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { ChatPane } from './ChatPane.tsx'
import { type ChatClient, createChatClient } from './chatClient.ts'
import { clientsOf } from './clients.ts'
import type { Dialler } from './line.ts'

const names = ['Ann', 'Bob', 'Cleo', 'Dan'] as const

interface Guests {
  readonly list: ChatClient[]
  /** One more, who comes in at once. */
  add(): void
  close(): void
}

function guestsOver(dialler: Dialler): Guests {
  const list: ChatClient[] = []
  const add = () => {
    const client = createChatClient(list.length + 1, dialler)
    client.join(names[list.length]!)
    list.push(client)
  }
  add()
  add()
  return {
    list,
    add,
    close: () => {
      for (const client of list) client.leave()
    },
  }
}

/** A room with two guests, and up to four. */
export function Chat({ sample }: { readonly sample: SampleView }) {
  const session = useSession()
  const [guests] = useState(() => clientsOf(session, sample, guestsOver))
  const [count, setCount] = useState(guests.list.length)
  const add = () => {
    guests.add()
    setCount(guests.list.length)
  }
  return (
    <div className="clients">
      {guests.list.slice(0, count).map((client) => (
        <ChatPane key={client.id} client={client} first={names[client.id - 1]!} />
      ))}
      {count < names.length && (
        <Button look="outlined clients-more" icon={<UserPlus />} onClick={add}>
          One more guest
        </Button>
      )}
    </div>
  )
}
