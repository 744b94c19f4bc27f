import { describe, expect, it, onTestFinished } from 'vitest'
import { awaitWelcome, connectPort } from '../../../renderer/bridge/port.ts'
import type { Push } from '../../../shared/ipc/contract.ts'
import { success } from '../../../shared/ipc/result.ts'

const welcome = { url: 'ws://127.0.0.1:4502/', dialect: 'hello-00', name: 'Ann', theme: 'dark' }

/** As much of a window as a page in a pane looks at. */
class Pane extends EventTarget {
  readonly parent = {}
  readonly location = { origin: 'http://127.0.0.1:4600' }
  say(parts: object): void {
    const { port1 } = new MessageChannel()
    const said = { source: this.parent, origin: this.location.origin, data: welcome, ports: [port1] }
    this.dispatchEvent(Object.assign(new Event('message'), { ...said, ...parts }))
  }
}

describe('the first message to a page in a pane', () => {
  it.each([
    ['from another window', { source: {} }],
    ['from another origin', { origin: 'http://evil.example' }],
    ['that is no welcome', { data: { ...welcome, dialect: 'hixie-1' } }],
    ['with more than was agreed', { data: { ...welcome, more: 1 } }],
    ['without a port', { ports: [] }],
  ])('is not one %s', async (_what, parts) => {
    const pane = new Pane()
    const welcomed = awaitWelcome(pane as unknown as Window)
    pane.say(parts)
    pane.say({ data: { ...welcome, name: 'Bob' } })
    expect((await welcomed).welcome.name).toBe('Bob')
  })
})

describe('the bridge over a port', () => {
  it('passes over what no window says, and hears answers, pushes and colours', async () => {
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    const themes: string[] = []
    const pushes: Push[] = []
    const bridge = connectPort(port1, (theme) => themes.push(theme))
    bridge.subscribe((push) => pushes.push(push))
    const answer = bridge.request('draftAbort', { socket: 1 })
    const sent = { push: { kind: 'draft', socket: 1, event: { kind: 'sent', size: 3 } } }
    for (const said of [
      ...['nonsense', null, { theme: 'pink' }, { push: { kind: 'app', app: {} } }],
      ...[{ push: { ...sent.push, event: { kind: 'sent', size: '3' } } }, { id: 1, result: true }],
      ...[{ theme: 'light' }, sent, { id: 1, result: success(null) }],
    ]) {
      port2.postMessage(said)
    }
    expect(await answer).toEqual(success(null))
    expect(pushes).toEqual([sent.push])
    expect(themes).toEqual(['light'])
  })
})
