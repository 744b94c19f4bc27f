// The window's end of the port to a page in a pane: of the contract the page gets what a `WebSocketDraft` needs.
import type { CommandName } from '../../shared/commands/registry.ts'
import { failure, type Result } from '../../shared/ipc/result.ts'
import { checkEnvelope, checkRequest, isDraftRequest } from '../../shared/ipc/schemas.ts'
import type { LinkedBridge } from './link.ts'
import { createPaneSockets, type SocketTerms } from './paneSockets.ts'
import { pressed, type ToPage } from './portMessages.ts'

export interface RelayTerms extends SocketTerms {
  /** The key of a command was pressed in the page. */
  onCommand(command: CommandName): void
}

export interface Relay {
  tell(message: Extract<ToPage, { readonly theme: unknown }>): void
  /** The page is gone: its sockets close as those of a page that is left do. */
  close(): void
}

/** Answers the page until it is closed, or says what no page of the contract says. */
export function relayPort(port: MessagePort, bridge: LinkedBridge, terms: RelayTerms): Relay {
  const say = (message: ToPage) => port.postMessage(message)
  const sockets = createPaneSockets(bridge, terms, (socket, event) => say({ push: { kind: 'draft', socket, event } }))

  async function answer(method: unknown, payload: unknown): Promise<Result<unknown>> {
    const request = checkRequest(method, payload)
    if (!request.ok) return request
    if (!isDraftRequest(request.value)) return failure('A page in a pane asks for its own sockets only.')
    return sockets.answer(request.value)
  }

  async function take(message: unknown): Promise<void> {
    const key = pressed.safeParse(message)
    if (key.success) return terms.onCommand(key.data.command)
    const request = checkEnvelope(message)
    // Without a number no answer can be sent: this page does not speak the contract.
    if (!request.ok) return close()
    const { id, method, payload } = request.value
    say({ id, result: await answer(method, payload) })
  }

  function close(): void {
    undo()
    unwatch()
    port.close()
    sockets.leaveAll()
  }

  const undo = bridge.subscribe(sockets.hear)
  const unwatch = bridge.watchLink((state) => {
    if (state === 'lost') sockets.failAll()
  })
  port.onmessage = ({ data }) => void take(data)
  return { tell: say, close }
}
