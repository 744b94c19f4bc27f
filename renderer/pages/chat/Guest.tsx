import { LogIn, LogOut, Send } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '../../ui/Button.tsx'
import type { ChatClient } from './chatClient.ts'
import { type Entry, type Room, typingSentence } from './room.ts'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Names and texts are text: React puts them in as such. */
function Said({ entry }: { readonly entry: Entry }) {
  if (entry.kind === 'note') return <li className="chat-note">{entry.text}</li>
  return (
    <li>
      <strong>{entry.from}</strong>{' '}
      <time dateTime={new Date(entry.time).toISOString()}>{clock.format(entry.time)}</time>
      <p>{entry.text}</p>
    </li>
  )
}

function Log({ room: { entries } }: { readonly room: Room }) {
  const end = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was added is what is scrolled to
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [entries])
  return (
    <div className="chat-log" ref={end} role="log" aria-label="What was said">
      <ol>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
          <Said key={index} entry={entry} />
        ))}
      </ol>
    </div>
  )
}

function Speak({ client }: { readonly client: ChatClient }) {
  const [text, setText] = useState('')
  const change = (next: string) => {
    setText(next)
    client.typed(next)
  }
  const say = (event: FormEvent) => {
    event.preventDefault()
    if (text === '') return
    client.say(text)
    setText('')
  }
  return (
    <form className="chat-form" onSubmit={say}>
      <input
        className="input"
        aria-label="Message"
        maxLength={2000}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      <Button type="submit" look="primary" icon={<Send />} disabled={text === ''}>
        Say
      </Button>
    </form>
  )
}

function ComeIn({
  client,
  name,
  setName,
}: {
  readonly client: ChatClient
  readonly name: string
  setName(name: string): void
}) {
  const come = (event: FormEvent) => {
    event.preventDefault()
    client.join(name)
  }
  return (
    <form className="chat-form" onSubmit={come}>
      <input
        className="input"
        aria-label="Name"
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" look="primary" icon={<LogIn />} disabled={name.trim() === ''}>
        Come in
      </Button>
    </form>
  )
}

/** Who is here, and the way out. */
function People({ client, room: { joined, people } }: { readonly client: ChatClient; readonly room: Room }) {
  const { state, ended } = useStore(client.line.store)
  return (
    <header className="page-bar">
      <p>{joined ? `Here: ${people.join(', ')}` : (ended ?? 'Not in the room')}</p>
      <span className="grow" />
      {state === 'open' && (
        <Button look="small outlined" icon={<LogOut />} onClick={client.leave}>
          Leave
        </Button>
      )}
    </header>
  )
}

/** The room as one guest has it. */
export function Guest({ client, first }: { readonly client: ChatClient; readonly first: string }) {
  const [name, setName] = useState(first)
  const room = useStore(client.room)
  return (
    <>
      <People client={client} room={room} />
      <Log room={room} />
      <p className="chat-typing" role="status">
        {room.refusal ?? typingSentence(room.typing)}
      </p>
      {room.joined ? <Speak client={client} /> : <ComeIn client={client} name={name} setName={setName} />}
    </>
  )
}
