import { describe, expect, it } from 'vitest'
import { createLoader } from '../../../renderer/state/loader.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

/** A host whose answers are given by the test, in the order it likes. */
function host() {
  const asked: { want: number; settle: (result: Result<string>) => void }[] = []
  const load = (want: number) => new Promise<Result<string>>((settle) => asked.push({ want, settle }))
  return { asked, load }
}

/** Lets everything that was settled be taken in. */
async function turn() {
  for (let index = 0; index < 5; index++) await Promise.resolve()
}

describe('a loader', () => {
  it('keeps the old picture until the new one is here', async () => {
    const { asked, load } = host()
    const loader = createLoader(load)
    loader.ask(1)
    asked[0]?.settle(success('one'))
    await turn()
    loader.ask(2)
    expect(loader.get().shown).toEqual({ want: 1, answer: 'one' })
    asked[1]?.settle(success('two'))
    await turn()
    expect(loader.get().shown).toEqual({ want: 2, answer: 'two' })
  })

  it('tells nobody of an answer that is the one that is shown', async () => {
    const { asked, load } = host()
    const loader = createLoader(load)
    loader.ask(1)
    asked[0]?.settle(success('one'))
    await turn()
    let told = 0
    loader.subscribe(() => told++)
    loader.ask(1)
    asked[1]?.settle(success('one'))
    await turn()
    expect(told).toBe(0)
    loader.ask(1)
    asked[2]?.settle(success('two'))
    await turn()
    expect(told).toBe(1)
  })

  it('has one question out at a time, and then asks only the newest of those that waited', async () => {
    const { asked, load } = host()
    const loader = createLoader(load)
    for (const want of [1, 2, 3, 4]) loader.ask(want)
    expect(asked.map(({ want }) => want)).toEqual([1])
    asked[0]?.settle(success('one'))
    await turn()
    expect(asked.map(({ want }) => want)).toEqual([1, 4])
  })

  it('says why a question failed, keeps the picture, and forgets the failure with the next answer', async () => {
    const { asked, load } = host()
    const loader = createLoader(load)
    loader.ask(1)
    asked[0]?.settle(success('one'))
    await turn()
    loader.ask(2)
    asked[1]?.settle(failure('gone'))
    await turn()
    expect(loader.get()).toEqual({ shown: { want: 1, answer: 'one' }, error: 'gone' })
    loader.ask(3)
    asked[2]?.settle(success('three'))
    await turn()
    expect(loader.get().error).toBeNull()
  })

  it('tells subscribers of each answer until they leave', async () => {
    const { asked, load } = host()
    const loader = createLoader(load)
    let told = 0
    const leave = loader.subscribe(() => told++)
    loader.ask(1)
    asked[0]?.settle(success('one'))
    await turn()
    leave()
    loader.ask(2)
    asked[1]?.settle(success('two'))
    await turn()
    expect(told).toBe(1)
  })
})
