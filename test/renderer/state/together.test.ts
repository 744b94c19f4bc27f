import { describe, expect, it } from 'vitest'
import { askTogether } from '../../../renderer/state/together.ts'
import type { Bridge } from '../../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

/** A host whose answers are given by the test, in the order it likes. */
function host() {
  const settle: ((result: Result<never>) => void)[] = []
  const request = (() => new Promise<Result<never>>((done) => settle.push(done))) as unknown as Bridge['request']
  return { settle, ask: askTogether(request) }
}

async function turn() {
  await new Promise((done) => setTimeout(done, 0))
}

describe('questions asked at once', () => {
  it('are asked right away, and answered when the last answer is here, each with its own', async () => {
    const { settle, ask } = host()
    const heard: unknown[] = []
    void ask('timeline', { run: 1 }).then((answer) => heard.push(answer))
    void ask('timeline', { run: 2 }).then((answer) => heard.push(answer))
    expect(settle).toHaveLength(2)
    settle[1]?.(failure('two'))
    await turn()
    expect(heard).toEqual([])
    settle[0]?.(success('one' as never))
    await turn()
    expect(heard).toEqual([success('one'), failure('two')])
  })

  it('do not wait for what is asked later', async () => {
    const { settle, ask } = host()
    const heard: unknown[] = []
    void ask('timeline', { run: 1 }).then((answer) => heard.push(answer))
    await turn()
    void ask('timeline', { run: 2 }).then((answer) => heard.push(answer))
    settle[0]?.(success('one' as never))
    await turn()
    expect(heard).toEqual([success('one')])
  })
})
