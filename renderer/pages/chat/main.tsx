// A guest of the web chat, as a page.
import { startPage } from '../start.tsx'
import { createChatClient } from './chatClient.ts'
import { Guest } from './Guest.tsx'
import './chat.css'

void startPage(({ connect, name }) => {
  const client = createChatClient(connect)
  client.join(name)
  return <Guest client={client} first={name} />
})
