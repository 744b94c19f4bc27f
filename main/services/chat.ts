// Web chat, one of the two samples of 2010: a room with names, who comes and goes, what was said, and who is typing.
import { type ChatEvent, type ChatRequest, chatRequest, type Said } from '../../shared/samples/chat.ts'
import { defineService, type Session } from './service.ts'

export interface ChatOptions {
  /** Messages that newcomers are told; older ones are forgotten. 100 by default. */
  readonly history?: number
  /** The present, in milliseconds since the Unix epoch. */
  readonly now?: () => number
}

interface Guest {
  /** Null until it has joined. */
  name: string | null
  typing: boolean
}

type Chatter = Session<Guest>

/** One room. */
export function createChat({ history: most = 100, now = Date.now }: ChatOptions = {}) {
  const history: Said[] = []

  function join(session: Chatter, wanted: string): void {
    const problem = cannotJoin(session, wanted)
    if (problem !== null) {
      refuse(session, problem)
      return
    }
    session.state.name = wanted
    tell(session, { type: 'welcome', people: namesIn(session), history })
    tellOthers(session, { type: 'joined', name: wanted })
  }

  function say(session: Chatter, from: string, text: string): void {
    const said: Said = { from, text, time: now() }
    history.push(said)
    if (history.length > most) history.shift()
    typing(session, from, false)
    tell(session, { type: 'said', ...said })
    tellOthers(session, { type: 'said', ...said })
  }

  function typing(session: Chatter, who: string, is: boolean): void {
    if (session.state.typing === is) return
    session.state.typing = is
    tellOthers(session, { type: 'typing', name: who, typing: is })
  }

  function take(session: Chatter, request: ChatRequest): void {
    const who = session.state.name
    if (request.type === 'join') join(session, request.name)
    else if (who === null) refuse(session, 'Join first, with a name.')
    else if (request.type === 'say') say(session, who, request.text)
    else typing(session, who, request.typing)
  }

  return defineService({
    state: (): Guest => ({ name: null, typing: false }),
    message: (session, data) => {
      const request = readRequest(data)
      if (request === null) refuse(session, 'This is no message of a chat: see the documentation of the service.')
      else take(session, request)
    },
    close: (session) => {
      if (session.state.name !== null) tellOthers(session, { type: 'left', name: session.state.name })
    },
  })
}

function readRequest(data: string | Uint8Array): ChatRequest | null {
  if (typeof data !== 'string') return null
  try {
    return chatRequest.parse(JSON.parse(data))
  } catch {
    return null
  }
}

function cannotJoin(session: Chatter, wanted: string): string | null {
  if (session.state.name !== null) return `You are here already, as ${session.state.name}.`
  return namesIn(session).includes(wanted) ? `There is a ${wanted} here already: take another name.` : null
}

function namesIn({ host }: Chatter): string[] {
  return [...host.sessions].flatMap(({ state }) => state.name ?? [])
}

function refuse(session: Chatter, why: string): void {
  tell(session, { type: 'refused', why })
}

function tell(session: Chatter, event: ChatEvent): void {
  // A guest that does not read would miss what the others were told without knowing: it has to go, and may come again.
  if (!session.send(JSON.stringify(event)).ok) session.close(1008, 'does not keep up with the room')
}

/** Everyone who has joined, but `session`. */
function tellOthers(session: Chatter, event: ChatEvent): void {
  for (const other of session.host.sessions) if (other !== session && other.state.name !== null) tell(other, event)
}
