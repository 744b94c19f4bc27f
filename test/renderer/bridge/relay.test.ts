import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { alwaysUp, type LinkedBridge, type LinkState } from '../../../renderer/bridge/link.ts'
import type { PaneLink } from '../../../renderer/bridge/paneSockets.ts'
import { connectPort } from '../../../renderer/bridge/port.ts'
import { type RelayTerms, relayPort } from '../../../renderer/bridge/relay.ts'
import { createTurns } from '../../../renderer/bridge/turns.ts'
import { createBridgeTransport } from '../../../renderer/draft/bridgeTransport.ts'
import type { DraftEvent } from '../../../shared/draft/transport.ts'
import type { Push } from '../../../shared/ipc/contract.ts'
import { success } from '../../../shared/ipc/result.ts'

const url = 'ws://127.0.0.1:4502/'
const request = { url, protocols: [], dialect: 'hello-00', compress: true } as const

interface Asked {
  readonly method: string
  readonly payload: { readonly socket: number } & Record<string, unknown>
}

/** A host that writes down what it is asked and tells what it is told to. */
function standHost() {
  const asked: Asked[] = []
  const listeners = new Set<(push: Push) => void>()
  const watchers = new Set<(state: LinkState) => void>()
  const bridge = {
    request: async (method: string, payload: Asked['payload']) => {
      asked.push({ method, payload })
      return success(null)
    },
    subscribe: (listener: (push: Push) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watchLink: (watcher: (state: LinkState) => void) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  } as unknown as LinkedBridge
  return {
    ...{ asked, bridge },
    tell: (socket: number, event: DraftEvent) => {
      for (const listener of listeners) listener({ kind: 'draft', socket, event })
    },
    lose: () => {
      for (const watcher of watchers) watcher('lost')
    },
    methods: () => asked.map(({ method }) => method),
    /** The host's number of the socket that was asked for last. */
    newest: () => asked.filter(({ method }) => method === 'draftOpen').at(-1)!.payload.socket,
  }
}

/** A window around a page that has nothing but its end of the port. */
function standPane(host = standHost(), given: Partial<RelayTerms> = {}) {
  const { port1, port2 } = new MessageChannel()
  const links: PaneLink[] = []
  const commands: string[] = []
  const relay = relayPort(port1, host.bridge, {
    ...{ url, dialect: 'hello-00', turns: createTurns() },
    onLink: (link) => links.push(link),
    onCommand: (command) => commands.push(command),
    ...given,
  })
  onTestFinished(() => relay.close())
  return { ...{ host, relay, links, commands }, port: port2 }
}

/** A page that knows how to use its port. */
function standPage(host = standHost(), given: Partial<RelayTerms> = {}) {
  const pane = standPane(host, given)
  const bridge = connectPort(pane.port, () => undefined)
  const connect = createBridgeTransport(alwaysUp(bridge))
  const told: DraftEvent[] = []
  return {
    ...pane,
    ...{ bridge, told },
    dial: (wanted: Parameters<typeof connect>[0] = request) => connect(wanted, (event) => told.push(event)),
  }
}

const opened: DraftEvent = { kind: 'open', protocol: '', extensions: '' }
const kinds = (told: readonly DraftEvent[]) => told.map(({ kind }) => kind)
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000 })

/** A page with an open socket, and what the host calls it. */
async function standOpen(host = standHost()) {
  const page = standPage(host)
  const before = host.asked.length
  const connection = page.dial()
  await soon(() => expect(host.asked).toHaveLength(before + 1))
  const number = host.newest()
  host.tell(number, opened)
  await soon(() => expect(kinds(page.told)).toEqual(['open']))
  return { ...page, connection, number }
}

describe('the relay between a page in a pane and the host', () => {
  it('connects, sends, hears and closes for the page, under a number that no other page has', async () => {
    const host = standHost()
    const one = await standOpen(host)
    const other = await standOpen(host)
    expect(one.number).not.toBe(other.number)
    one.connection.send('hi', 2)
    one.connection.close(1000, 'enough')
    await soon(() => expect(host.methods().slice(2)).toEqual(['draftSend', 'draftClose']))
    expect(host.asked.slice(2).map(({ payload }) => payload.socket)).toEqual([one.number, one.number])
    host.tell(one.number, { kind: 'message', data: Uint8Array.of(1, 2) })
    host.tell(one.number, { kind: 'close', clean: true, code: 1000, reason: '', failed: false })
    await soon(() => expect(kinds(one.told)).toEqual(['open', 'message', 'close']))
    expect(one.told[1]).toEqual({ kind: 'message', data: Uint8Array.of(1, 2) })
    expect(kinds(other.told)).toEqual(['open'])
  })

  it.each([
    ['another server', { ...request, url: 'ws://127.0.0.1:4503/' }],
    ['another path of the server', { ...request, url: `${url}else` }],
    ['another dialect', { ...request, dialect: 'rfc6455' }],
  ] as const)('does not connect to %s', async (_what, wanted) => {
    const { dial, told, host } = standPage()
    dial(wanted)
    await soon(() => expect(told).toMatchObject([{ kind: 'close', failed: true, why: expect.stringContaining(url) }]))
    expect(host.asked).toEqual([])
  })

  it('asks the host for sockets and for nothing else', async () => {
    const { bridge, host } = standPage()
    const sentence = 'A page in a pane asks for its own sockets only.'
    for (const ask of [
      bridge.request('app', {}),
      bridge.request('command', { line: 'step' }),
      bridge.request('settings', { theme: 'dark' }),
    ]) {
      expect(await ask).toEqual({ ok: false, error: sentence })
    }
    expect(host.asked).toEqual([])
  })

  it('answers a request that is not as agreed with a sentence', async () => {
    const { bridge, host } = standPage()
    expect(await bridge.request('draftOpen', { socket: -1, ...request })).toMatchObject({ ok: false })
    expect(await bridge.request('draftSend', { socket: 1, data: 7 as never, size: 1 })).toMatchObject({ ok: false })
    expect(await bridge.request('nothing' as never, {} as never)).toMatchObject({ ok: false })
    expect(host.asked).toEqual([])
  })

  it('does not reach the sockets of another page', async () => {
    const host = standHost()
    const one = await standOpen(host)
    const other = standPage(host)
    const before = host.asked.length
    await other.bridge.request('draftAbort', { socket: one.number })
    await other.bridge.request('draftSend', { socket: 1, data: 'mine now', size: 8 })
    host.tell(one.number, { kind: 'message', data: 'for one' })
    await soon(() => expect(kinds(one.told)).toEqual(['open', 'message']))
    expect(host.asked).toHaveLength(before)
    expect(other.told).toEqual([])
  })

  it.each([
    'no request',
    null,
    { id: -1, method: 'app', payload: {} },
    { command: 'quit' },
    { command: 'step unit', more: 1 },
  ])('cuts off a page that says %j', async (nonsense) => {
    const { port, host, commands, number } = await standOpen()
    port.postMessage(nonsense)
    await soon(() =>
      expect(host.asked.at(-1)).toEqual({ method: 'draftClose', payload: { socket: number, code: 1001 } }),
    )
    expect(commands).toEqual([])
  })

  it('has four sockets of a page at once, and no more', async () => {
    const { dial, host, told } = standPage()
    for (let count = 1; count <= 5; count += 1) dial()
    await soon(() => expect(kinds(told)).toEqual(['close']))
    expect(told[0]).toMatchObject({ why: 'A page in a pane has at most 4 sockets at once: close one.' })
    for (let count = 1; count <= 4; count += 1) {
      await soon(() => expect(host.asked).toHaveLength(count))
      host.tell(host.newest(), opened)
    }
  })

  it('counts what is sent by itself, whatever the page says, and breaks off what does not leave', async () => {
    const { connection, host } = await standOpen()
    const mebibyte = 'x'.repeat(1024 * 1024)
    connection.send('ä', 0)
    await soon(() => expect(host.asked.at(-1)).toMatchObject({ method: 'draftSend', payload: { data: 'ä', size: 2 } }))
    for (let sent = 0; sent < 64; sent += 1) connection.send(mebibyte, 0)
    await soon(() => expect(host.methods()).toContain('draftAbort'))
  })

  it('breaks off a socket whose requests the host does not answer, once, and hears no more of it', async () => {
    const stalled = standHost()
    const { request: answer } = stalled.bridge
    stalled.bridge.request = ((method, payload) => {
      const answered = answer(method, payload)
      return method === 'draftSend' ? new Promise(() => {}) : answered
    }) as typeof answer
    const { port, host, number } = await standOpen(stalled)
    for (let id = 10; id < 10 + 65_536 + 5; id += 1) {
      port.postMessage({ id, method: 'draftSend', payload: { socket: 1, data: '', size: 0 } })
    }
    await soon(() => expect(host.methods()).toContain('draftAbort'))
    port.postMessage({ id: 9, method: 'draftSend', payload: { socket: 1, data: 'late', size: 4 } })
    await soon(() => expect(host.methods().filter((method) => method === 'draftSend')).toHaveLength(65_536))
    expect(host.methods().filter((method) => method === 'draftAbort')).toEqual(['draftAbort'])
    expect(host.asked.at(-1)!.payload.socket).toBe(number)
  })

  it('takes room for messages no larger than those that came', async () => {
    const { bridge, host, number } = await standOpen()
    host.tell(number, { kind: 'message', data: 'four' })
    await bridge.request('draftTook', { socket: 1, size: 1_000_000 })
    await bridge.request('draftTook', { socket: 1, size: 1_000_000 })
    expect(host.asked.slice(-2).map(({ payload }) => payload['size'])).toEqual([4, 0])
  })

  it('connects one after the other over all panes, and says which connection of the run each is', async () => {
    const [host, turns] = [standHost(), createTurns()]
    const [one, two] = [standPage(host, { turns }), standPage(host, { turns })]
    one.dial()
    await soon(() => expect(host.asked).toHaveLength(1))
    two.dial()
    await soon(() => expect(two.links).toEqual([{ state: 'connecting', connection: 0 }]))
    host.tell(host.newest(), opened)
    await soon(() => expect(host.asked).toHaveLength(2))
    expect(one.links.at(-1)).toEqual({ state: 'open', connection: 1 })
    expect(two.links.at(-1)).toEqual({ state: 'connecting', connection: 2 })
  })

  it('does not connect for a page that has given up while it waited', async () => {
    const [host, turns] = [standHost(), createTurns()]
    const turn = await turns()
    const page = standPage(host, { turns })
    page.dial().abort()
    await soon(() => expect(kinds(page.told)).toEqual(['close']))
    turn.pass()
    const next = standPage(host, { turns })
    next.dial()
    await soon(() => expect(next.links.at(-1)).toEqual({ state: 'connecting', connection: 1 }))
    expect(host.asked).toHaveLength(1)
  })

  it('closes the sockets of a page that is gone as a browser does, and lets the next connect', async () => {
    const [host, turns] = [standHost(), createTurns()]
    const gone = standPage(host, { turns })
    gone.dial()
    await soon(() => expect(host.asked).toHaveLength(1))
    const next = standPage(host, { turns })
    next.dial()
    gone.relay.close()
    await soon(() => expect(host.methods()).toEqual(['draftOpen', 'draftAbort', 'draftOpen']))
    host.tell(host.newest(), opened)
    await soon(() => expect(kinds(next.told)).toEqual(['open']))
    next.relay.close()
    expect(host.asked.at(-1)).toEqual({ method: 'draftClose', payload: { socket: host.newest(), code: 1001 } })
  })

  it('tells the page that its sockets are lost when the host is', async () => {
    const { host, told } = await standOpen()
    host.lose()
    await soon(() => expect(told.at(-1)).toMatchObject({ kind: 'close', clean: false, code: 1006 }))
  })

  it('passes on the keys of commands', async () => {
    const { port, commands } = standPane()
    port.postMessage({ command: 'step unit' })
    await soon(() => expect(commands).toEqual(['step unit']))
  })
})
