import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LabLiveConnection } from '../../../main/lab/live.ts'
import type { Moved, Run } from '../../../main/lab/types.ts'
import { type Lane, lanes, type Role, roles } from '../../../shared/bytes/lanes.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import type { Action } from '../../../shared/endpoint/types.ts'
import type { Result } from '../../../shared/ipc/result.ts'
import { laneOf, logOf, must, openBareRun, openLab } from './labs.ts'

type Command = (run: Run) => Promise<Result<unknown>>

const lane = fc.constantFrom<Lane>(...lanes)
const role = fc.constantFrom<Role>(...roles)
const granularity = fc.constantFrom('byte' as const, 'field' as const, 'unit' as const, 'all' as const)
const bytes = fc.uint8Array({ maxLength: 6 })
/** Of a lane's held bytes; at an earlier cursor the command finds out for itself that it is out of range. */
const share = fc.double({ min: 0, max: 1, noNaN: true })

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('sendText' as const), text: fc.string({ maxLength: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sendBinary' as const), bytes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ping' as const), bytes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
)

function heldOffset(run: Run, on: Lane, at: number): number {
  const { delivered, held } = laneOf(run, on)
  return delivered + Math.floor(at * held)
}

const step: fc.Arbitrary<Command> = fc
  .tuple(granularity, fc.integer({ min: 1, max: 4 }), fc.option(lane, { nil: undefined }))
  .map(
    ([by, count, on]) =>
      (run) =>
        run.step(by, on ? { count, lane: on } : { count }),
  )
const back: fc.Arbitrary<Command> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('byte' as const, 'field' as const, 'unit' as const))
  .map(
    ([count, by]) =>
      (run) =>
        run.back(count, by),
  )
const goto: fc.Arbitrary<Command> = share.map(
  (at) => (run) => run.goto({ record: Math.floor(at * run.capture.length), bytes: 0 }),
)
const movement: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: step },
  { weight: 1, arbitrary: back },
  { weight: 1, arbitrary: goto },
  { weight: 1, arbitrary: fc.constant<Command>((run) => run.endOfLog()) },
)

const wire: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(role, action).map(
      ([by, what]): Command =>
        (run) =>
          run.act(by, what),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(lane, share, fc.nat(4), bytes).map(
      ([on, at, remove, insert]): Command =>
        (run) =>
          run.edit(on, heldOffset(run, on, at), remove, insert),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(lane, share).map(
      ([on, at]): Command =>
        (run) =>
          run.drop(on, heldOffset(run, on, at)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(lane, share).map(
      ([on, at]): Command =>
        (run) =>
          run.duplicate(on, heldOffset(run, on, at)),
    ),
  },
)

const command: fc.Arbitrary<Command> = fc.oneof({ weight: 3, arbitrary: movement }, { weight: 2, arbitrary: wire })

/** Lengths of the lane at the end of the log, from nothing but its records. */
function countedIn(records: readonly LogRecord[], on: Lane): { delivered: number; held: number } {
  let [arrived, delivered] = [0, 0]
  for (const record of records) {
    if (!('lane' in record) || record.lane !== on) continue
    if (record.kind === 'sent') arrived += record.bytes.length
    if (record.kind === 'edit') arrived += record.insert.length - record.remove
    if (record.kind === 'delivered') delivered += record.bytes.length
  }
  return { delivered, held: arrived - delivered }
}

function checkInvariants(run: Run, live: LabLiveConnection): void {
  const { capture } = run
  const connection = capture.connections[0]!
  const records = Array.from({ length: capture.length }, (_, index) => capture.record(index))
  for (const on of lanes) {
    const counted = countedIn(records, on)
    expect(connection.deliveredLengthAt(on, capture.end)).toBe(counted.delivered)
    expect(connection.heldLengthAt(on, capture.end)).toBe(counted.held)
    const length = counted.delivered + counted.held
    expect(connection.readGate(on, capture.end, 0, length).length).toBe(length)
  }
  for (const each of roles) expect(connection.stateAt(each, capture.end)).toBe(live.stateOf(each))
}

describe.each(dialectIds)('%s: 1,000 random commands', (dialect) => {
  it('never let the record and the real endpoints disagree', async () => {
    const commands = fc.sample(command, { seed: 20101206, numRuns: 1000 })
    let messages = 0
    for (let at = 0; at < commands.length; at += 50) {
      const { run, live } = await openBareRun(dialect)
      for (const each of commands.slice(at, at + 50)) {
        // Refusals are fine; what must not happen is that one leaves something behind.
        await run.endOfLog()
        await each(run)
        expect(run.view().activity).not.toBe('running')
      }
      checkInvariants(run, live)
      messages += run.view().messageCount
      await run.close()
    }
    expect(messages).toBeGreaterThan(10) // where there is nothing but text, most of the commands are refused
  })
})

describe('random commands that fork', () => {
  it('leave every earlier branch as it was', async () => {
    const { workspace, run: first } = await openLab('hello-00')
    let run = first
    const logs = new Map<Run, unknown>([[first, null]])
    for (const each of fc.sample(command, { seed: 76, numRuns: 150 })) {
      const before = logOf(run.capture)
      const result = (await each(run)) as Result<Moved>
      if (result.ok && result.value.run !== run) {
        expect(logOf(run.capture)).toEqual(before)
        logs.set(run, before)
        run = result.value.run
      }
    }
    expect(workspace.runs.length).toBeGreaterThan(5)
    for (const [branch, log] of logs) if (branch !== run && log) expect(logOf(branch.capture)).toEqual(log)
    must(await run.endOfLog())
  })
})
