// The soak in small, counted by messages: `npm run soak` is the one that takes its time and looks at the heap.
import { describe, expect, it } from 'vitest'
import { createLedger } from './load.ts'
import { runSoak } from './soak.ts'

describe('a service with many sessions of every dialect', () => {
  it('loses and reorders nothing, lets everyone go, and goes on while it is attacked', async () => {
    const load = { messages: 40 }
    const report = await runSoak({ sessions: 50, load, handshakeTimeout: 3000, looksAtHeap: false, tell: () => {} })
    expect(report.problems).toEqual([])
    expect(report.messages).toBeGreaterThanOrEqual(45 * 40)
    expect(report.peak).toBeGreaterThanOrEqual(45)
    const { flood, 'slow handshakes': slow, 'oversized messages': oversized } = report.attacks
    expect(flood.bytes).toBeGreaterThan(64 * 1024)
    expect(flood.ended).toBe(0)
    expect(slow.ended).toBeGreaterThan(0)
    expect(oversized.ended).toBeGreaterThan(0)
  })
})

describe('the ledger of a session', () => {
  const came = (...messages: readonly string[]) => {
    const ledger = createLedger()
    ledger.owed.push('1 a 1', '2 b 2')
    ledger.sentAt.push(0, 0)
    for (const message of messages) ledger.take(message, 5)
    return ledger.wrong
  }

  it.each([
    [['1 a 1', '2 b 2'], null],
    [['tick 7', '1 a 1', 'tick 8', '2 b 2'], null],
    [['2 b 2'], '"2 b 2" came where "1 a 1" was due'],
    [['1 a 1', '1 a 1'], '"1 a 1" came where "2 b 2" was due'],
    [['1 a 1', '2 b 2', '3'], '"3" came, and nothing was due'],
    [['tick 7', 'tick 9'], 'tick 9 came after tick 7'],
    [['tick 7', 'tick 7'], 'tick 7 came after tick 7'],
  ])('after %j says %j', (messages, wrong) => {
    expect(came(...messages)).toBe(wrong)
  })
})
