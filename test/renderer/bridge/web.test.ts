import { describe, expect, it } from 'vitest'
import { connectWeb, type Socket } from '../../../renderer/bridge/web.ts'
import type { Push } from '../../../shared/ipc/contract.ts'
import { success } from '../../../shared/ipc/result.ts'
import { decodeWire, encodeWire, type WireRequest } from '../../../shared/ipc/wire.ts'

type Listener = (event: { readonly data: unknown }) => void

function stand() {
  const sockets: { sent: WireRequest[]; tell: (kind: string, data?: unknown) => void }[] = []
  const pauses: { action: () => void; milliseconds: number }[] = []
  const open = (): Socket => {
    const listeners = new Map<string, Listener>()
    const sent: WireRequest[] = []
    sockets.push({ sent, tell: (kind, data) => listeners.get(kind)?.({ data }) })
    return {
      send: (text) => {
        const decoded = decodeWire(text)
        if (decoded.ok) sent.push(decoded.value as WireRequest)
      },
      addEventListener: (kind: string, listener: Listener) => void listeners.set(kind, listener),
    }
  }
  const timer = { setTimeout: (action: () => void, milliseconds: number) => pauses.push({ action, milliseconds }) }
  const bridge = connectWeb('ws://127.0.0.1:1/bridge', open, timer)
  const states: string[] = []
  bridge.watchLink((state) => states.push(state))
  return { bridge, sockets, pauses, states }
}

describe('the bridge over a WebSocket', () => {
  it('holds requests until the socket is open, and answers each by its number', async () => {
    const { bridge, sockets } = stand()
    const first = bridge.request('complete', { line: 'a' })
    const second = bridge.request('complete', { line: 'b' })
    expect(sockets[0]?.sent).toEqual([])
    sockets[0]?.tell('open')
    const [a, b] = sockets[0]?.sent ?? []
    sockets[0]?.tell('message', encodeWire({ id: b?.id ?? 0, result: success('second') }))
    sockets[0]?.tell('message', encodeWire({ id: a?.id ?? 0, result: success('first') }))
    expect(await Promise.all([first, second])).toEqual([success('first'), success('second')])
  })

  it('passes pushes on, bytes included, until the listener leaves', () => {
    const { bridge, sockets } = stand()
    const pushes: Push[] = []
    const leave = bridge.subscribe((push) => pushes.push(push))
    const push = encodeWire({ push: { kind: 'run', run: null } })
    sockets[0]?.tell('message', push)
    leave()
    sockets[0]?.tell('message', push)
    expect(pushes).toEqual([{ kind: 'run', run: null }])
  })

  it('settles every open request with a sentence when the connection breaks, and refuses new ones until it is back', async () => {
    const { bridge, sockets, states } = stand()
    sockets[0]?.tell('open')
    const open = bridge.request('app', {})
    sockets[0]?.tell('close')
    expect(await open).toMatchObject({ ok: false, error: expect.stringContaining('reconnects by itself') })
    expect(await bridge.request('app', {})).toMatchObject({ ok: false })
    expect(states).toEqual(['connecting', 'up', 'lost'])
  })

  it('tries again after pauses that grow to four seconds, and is up again when one succeeds', () => {
    const { sockets, pauses, states } = stand()
    for (let round = 0; round < 7; round++) {
      sockets.at(-1)?.tell('close')
      pauses.at(-1)?.action()
    }
    expect(pauses.map(({ milliseconds }) => milliseconds)).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000])
    sockets.at(-1)?.tell('open')
    expect(states.at(-1)).toBe('up')
  })
})
