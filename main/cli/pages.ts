// `wirestep pages`: WebSocketDraft for web pages of other people's, until Ctrl+C.
import type { Call } from '../../shared/commands/registry.ts'
import { serveDraft } from '../host/draftWeb.ts'
import { builtFile } from '../host/paths.ts'
import { CliError, createTeller, type Terminal, untilEither } from './terminal.ts'

export async function pages({ origin, port, json }: Call<'pages'>['args'], terminal: Terminal): Promise<number> {
  const origins = origin.map(({ value }) => value)
  if (origins.length === 0)
    throw new CliError('pages wants --origin: say whose pages may connect, such as http://localhost:3000.')
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  const web = await serveDraft({ folder: builtFile('renderer'), port, origins })
  if (!web.ok) throw new CliError(web.error)
  const { script, close } = web.value
  teller.say(
    json
      ? JSON.stringify({ event: 'listening', script, origins })
      : `<script type="module" src="${script}"></script> gives pages of ${origins.join(', ')} WebSocketDraft, Ctrl+C stops`,
  )
  await untilEither(terminal.interrupted, unread.signal)
  await close()
  await teller.done()
  return 0
}
