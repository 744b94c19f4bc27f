import { describe, expect, it } from 'vitest'
import { echo } from '../../../main/services/echo.ts'
import type { Service } from '../../../main/services/service.ts'
import { serveSession } from '../../../main/services/session.ts'
import type { Action } from '../../../shared/endpoint/types.ts'
import { failure, success } from '../../../shared/ipc/result.ts'

const open = { kind: 'open', resource: '/demo' } as const
const hello = { kind: 'message', type: 'text', text: 'hello' } as const

function sessionOf(service: Service) {
  const actions: Action[] = []
  const on = serveSession(service, (action) => {
    actions.push(action)
    return success(undefined)
  })
  return { on, actions }
}

describe('a service', () => {
  it('is told of the opening, of messages and of the end, in that order', () => {
    const calls: string[] = []
    const { on } = sessionOf({
      open: ({ resource }) => calls.push(`open ${resource}`),
      message: (_, message) => calls.push(`message ${message.type}`),
      close: () => calls.push('close'),
    })
    for (const event of [open, hello, { kind: 'close', clean: true } as const]) on(event)
    expect(calls).toEqual(['open /demo', 'message text', 'close'])
  })

  it('is told nothing of a connection that never opened', () => {
    const { on } = sessionOf({
      close: () => {
        throw new Error('told of a connection that never was')
      },
    })
    on({ kind: 'close', clean: false })
  })

  it('learns that it can send no more', () => {
    const sent: boolean[] = []
    const on = serveSession({ message: (session) => sent.push(session.send(hello)) }, () => failure('It is closing.'))
    on(open)
    on(hello)
    expect(sent).toEqual([false])
  })
})

describe('the echo service', () => {
  it('sends texts and bytes back as they came', () => {
    const { on, actions } = sessionOf(echo)
    const bytes = Uint8Array.of(0, 255)
    for (const event of [open, hello, { kind: 'message', type: 'binary', bytes } as const]) on(event)
    expect(actions).toEqual([
      { kind: 'sendText', text: 'hello' },
      { kind: 'sendBinary', bytes },
    ])
  })
})
