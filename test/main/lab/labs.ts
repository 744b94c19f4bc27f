// Lab runs for tests: real sockets, recordings in a folder of their own that is removed afterwards.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { goLive, type LabLiveConnection, type LabSetup } from '../../../main/lab/live.ts'
import { startRecording } from '../../../main/lab/recording.ts'
import { createRun } from '../../../main/lab/run.ts'
import type { Moved, Run, Workspace, WorkspaceOptions } from '../../../main/lab/types.ts'
import { createWorkspace } from '../../../main/lab/workspace.ts'
import { systemClock } from '../../../main/net/clock.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { failure, type Result } from '../../../shared/ipc/result.ts'

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error)
  return result.value
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A workspace that is shut down when the test is over. Trouble nobody asked about fails the test. */
export function openWorkspace(options: Partial<WorkspaceOptions> = {}): Workspace {
  const workspace = createWorkspace({
    dataFolder: temporaryFolder(),
    onChange: () => {},
    onError: (sentence) => {
      throw new Error(sentence)
    },
    ...options,
  })
  onTestFinished(() => workspace.shutdown())
  return workspace
}

export async function openLab(dialect: DialectId, seed = 7): Promise<{ workspace: Workspace; run: Run }> {
  const workspace = openWorkspace()
  return { workspace, run: must(await workspace.openLab({ dialect, seed })) }
}

/** A run whose live connection can be looked into. It cannot fork. */
export async function openBareRun(dialect: DialectId): Promise<{ run: Run; live: LabLiveConnection }> {
  const time = systemClock.now()
  const onTrouble = (sentence: string): never => {
    throw new Error(sentence)
  }
  const recording = startRecording({ folder: temporaryFolder(), name: dialect, now: time, onTrouble })
  const setup: LabSetup = {
    ...{ kind: 'open', time, connection: 1, dialect, url: 'ws://127.0.0.1:4502/demo', seed: 7, inProcess: true },
  }
  const live = must(await goLive({ setup, history: [], log: recording.capture.append, now: systemClock.now }))
  const connection = live.connection(1)!
  must(await connection.act('client', { kind: 'open' }))
  const parts = { id: 1, title: 'bare', source: 'lab', recording, live, forkOf: null, clock: systemClock } as const
  const run = createRun({
    ...parts,
    breakpoints: [],
    tell: () => {},
    forkAt: async () => failure('no forks here'),
    abandon: async () => {},
  })
  onTestFinished(() => run.close())
  return { run, live: connection }
}

/** Everything that is held, and everything that comes of it. */
export async function runAll(run: Run): Promise<void> {
  while (run.view().next !== null) must(await run.run())
}

/** A whole conversation: opened, a message each way, closed by the client. */
export async function converse(run: Run): Promise<void> {
  await runAll(run)
  must(await run.act('client', { kind: 'sendText', text: 'hello' }))
  await runAll(run)
  const { framing } = dialectById(run.view().dialect)
  const answer = {
    text: { kind: 'sendText', text: 'hello yourself' },
    bytes: { kind: 'sendBinary', bytes: Uint8Array.of(0, 255, 18) },
  } as const
  must(await run.act('server', framing === 'sentinel' ? answer.text : answer.bytes))
  await runAll(run)
  must(await run.act('client', { kind: 'close' }))
  await runAll(run)
}

export function statesOf(run: Run) {
  return run.view().connections[0]!.states
}

export function laneOf(run: Run, lane: Lane) {
  return run.view().connections[0]!.lanes[lane]
}

/** The log without what differs between two runs of the same seed: times and ports. */
export function logOf(capture: CaptureReader): unknown[] {
  return Array.from({ length: capture.length }, (_, index) => comparable(capture.record(index)))
}

function comparable(record: LogRecord): unknown {
  const { time: _, ...rest } = record
  if ('bytes' in rest) return { ...rest, bytes: Buffer.from(rest.bytes).toString('hex') }
  return 'topology' in rest ? { ...rest, topology: null } : rest
}

export function whereOf(moved: Result<Moved>): Run {
  return must(moved).run
}
