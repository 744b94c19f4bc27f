import { describe, expect, it } from 'vitest'
import type { LinkedBridge, LinkState } from '../../../renderer/bridge/link.ts'
import { createSession, withRun } from '../../../renderer/state/session.ts'
import type { Bridge, Push } from '../../../shared/ipc/contract.ts'
import { runView } from '../build.ts'
import { createFakeBridge } from '../fakeBridge.ts'

/** Pushes that can be held back, as a transport may that answers on another way than it pushes. */
function lateFor(bridge: Bridge) {
  let held: (() => void)[] | null = null
  return {
    hold: () => {
      held = []
    },
    deliver: () => {
      for (const push of held ?? []) push()
      held = null
    },
    subscribe: (listener: (push: Push) => void) =>
      bridge.subscribe((push) => (held ? held.push(() => listener(push)) : listener(push))),
  }
}

function linked() {
  const watchers = new Set<(state: LinkState) => void>()
  const fake = createFakeBridge()
  const late = lateFor(fake)
  const bridge: LinkedBridge = {
    ...fake,
    subscribe: late.subscribe,
    watchLink: (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
  return { bridge, late, enter: (state: LinkState) => watchers.forEach((watcher) => void watcher(state)) }
}

async function opened() {
  const { bridge, enter, late } = linked()
  const session = createSession(bridge)
  const loaded = new Promise<void>((settle) => session.world.subscribe(({ app }) => app && settle()))
  enter('up')
  await loaded
  return { session, enter, late }
}

describe('a session', () => {
  it('asks for the state of the program as soon as the host is reached', async () => {
    const { session } = await opened()
    expect(session.world.getState().run?.title).toBe('Upgrade+Hello lab, seed 7')
  })

  it('moves the selection along with a step', async () => {
    const { session } = await opened()
    expect(session.world.getState().selection).toMatchObject({ lane: 'clientToServer', offset: 0 })
    await session.send('step byte 13')
    expect(session.world.getState().selection).toMatchObject({ lane: 'clientToServer', offset: 12, follows: true })
  })

  it('leaves what the person picked alone until the next step', async () => {
    const { session } = await opened()
    session.select({ lane: 'clientToServer', offset: 4, span: { start: 4, end: 9 } })
    const run = session.world.getState().run
    expect(run && withRun(session.world.getState(), { ...run, version: run.version + 1 }).selection).toMatchObject({
      offset: 4,
      follows: false,
    })
    await session.send('step byte')
    expect(session.world.getState().selection).toMatchObject({ offset: 0, follows: true })
  })

  it('has the world a command left behind when its answer is there, even if the push comes later', async () => {
    const { session, late } = await opened()
    late.hold()
    await session.send('step byte 13')
    session.select({ lane: 'clientToServer', offset: 4, span: null })
    late.deliver()
    expect(session.world.getState()).toMatchObject({ run: { version: 2 }, selection: { offset: 4, follows: false } })
  })

  it('writes what it sent and what was answered to the console', async () => {
    const { session } = await opened()
    await session.send('step unit')
    await session.send('dance')
    expect(session.transcript.entries).toEqual([
      { kind: 'echo', line: 'step unit' },
      { kind: 'echo', line: 'dance' },
      { kind: 'output', lines: [{ tone: 'fault', text: expect.stringContaining('"dance"') }] },
    ])
  })

  it('shows a refusal, unless who sent the line shows it, and forgets it with the next line', async () => {
    const { session } = await opened()
    await session.send('dance')
    expect(session.world.getState().refusal).toContain('"dance"')
    await session.send('step unit')
    expect(session.world.getState().refusal).toBeNull()
    await session.send('dance', { own: true })
    expect(session.world.getState().refusal).toBeNull()
  })

  it('leaves no trace of a quiet line in the console', async () => {
    const { session } = await opened()
    await session.send('step byte', { quiet: true })
    expect(session.transcript.entries).toEqual([])
  })

  it('begins at the byte that a file was recorded to show, and only when it is opened', () => {
    const noted = { lane: 'serverToClient', offset: 131 } as const
    const world = withRun(createSession(linked().bridge).world.getState(), runView({ id: 3, noted }))
    expect(world.selection).toMatchObject({ ...noted, follows: true })
    const chosen = { ...world, selection: { lane: 'clientToServer', offset: 2, span: null, follows: false } as const }
    expect(withRun(chosen, runView({ id: 3, noted, version: 9 })).selection).toMatchObject({ offset: 2 })
  })
  it('does not go back to an older snapshot of the same run', () => {
    const world = withRun(createSession(linked().bridge).world.getState(), runView({ version: 5 }))
    expect(withRun(world, runView({ version: 4 })).run?.version).toBe(5)
    expect(withRun(world, runView({ id: 2, version: 1 })).run?.id).toBe(2)
  })

  it('says that the host is lost', async () => {
    const { session, enter } = await opened()
    enter('lost')
    expect(session.world.getState().link).toBe('lost')
  })
})
