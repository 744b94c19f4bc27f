import { describe, expect, it } from 'vitest'
import { askTogether } from '../../../renderer/state/together.ts'
import type { Answer, Bridge } from '../../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

type Answers = Result<Answer<'together'>>

/** A host whose answers are given by the test, in the order it likes. */
function host() {
  const asked: { readonly message: unknown; settle(result: Answers): void }[] = []
  const request = ((...message: unknown[]) =>
    new Promise<Answers>((settle) => asked.push({ message, settle }))) as unknown as Bridge['request']
  return { asked, ask: askTogether(request) }
}

async function turn() {
  await new Promise((done) => setTimeout(done, 0))
}

describe('questions asked at once', () => {
  it('are one message, and each has its own answer', async () => {
    const { asked, ask } = host()
    const heard = Promise.all([ask('timeline', { run: 1 }), ask('timeline', { run: 2 })])
    await turn()
    const questions = [1, 2].map((run) => ({ method: 'timeline', payload: { run } }))
    expect(asked.map(({ message }) => message)).toEqual([['together', { questions }]])
    const answers = [success('one'), failure('Run 2 is closed.')]
    asked[0]?.settle(success({ answers }))
    expect(await heard).toEqual(answers)
  })

  it('all hear why the message was not answered', async () => {
    const { asked, ask } = host()
    const heard = Promise.all([ask('timeline', { run: 1 }), ask('timeline', { run: 2 })])
    await turn()
    asked[0]?.settle(failure('The connection is lost.'))
    expect(await heard).toEqual([failure('The connection is lost.'), failure('The connection is lost.')])
  })

  it('do not wait for what is asked later', async () => {
    const { asked, ask } = host()
    const first = ask('timeline', { run: 1 })
    await turn()
    void ask('timeline', { run: 2 })
    await turn()
    expect(asked).toHaveLength(2)
    asked[0]?.settle(success({ answers: [success('one')] }))
    expect(await first).toEqual(success('one'))
  })
})
