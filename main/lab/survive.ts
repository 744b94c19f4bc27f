// Whether a dialect survives what stands in between, from a real run: opened, a message each way, the attack on caches,
// closed. The step where it breaks is the last unit let through before the node said why.
import type { Lane } from '../../shared/bytes/lanes.ts'
import { ladderRows } from '../../shared/capture/views.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import type { Action } from '../../shared/endpoint/types.ts'
import { attack } from '../../shared/intermediaries/attack.ts'
import { keptSentence } from '../../shared/intermediaries/cache.ts'
import type { IntermediaryKind } from '../../shared/intermediaries/intermediary.ts'
import type { Outcome, Survival, SurvivalView } from '../../shared/intermediaries/survival.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { letThrough } from './scenario.ts'
import type { Run, Workspace } from './types.ts'

/** Which runs there are to be. */
export type SurvivalWishes = Pick<SurvivalView, 'dialects' | 'via' | 'seed'>

/** One after the other, dialect after dialect. Who asks for no more stops it between two runs. */
export async function* surviveEach(
  workspace: Workspace,
  { dialects, via, seed }: SurvivalWishes,
): AsyncGenerator<Result<Survival>> {
  for (const dialect of dialects) for (const kind of via) yield survive(workspace, dialect, kind, seed)
}

/** Runs it and leaves nothing of the run. The same seed gives the same answer. */
export async function survive(
  workspace: Workspace,
  dialect: DialectId,
  via: IntermediaryKind,
  seed: number,
): Promise<Result<Survival>> {
  const opened = await workspace.openLab({ dialect, seed, via: [via], aside: true })
  if (!opened.ok) return opened
  const outcome = await outcomeOf(opened.value)
  const survival = outcome.ok
    ? success({ dialect, via, seed, ...outcome.value, ...breakOf(opened.value, outcome.value.outcome) })
    : outcome
  await workspace.discardRun(opened.value.id)
  return survival
}

/** Runs it again as the current run, at the place where it breaks: what broke it was just said. */
export async function openSurvival(
  workspace: Workspace,
  { dialect, via, seed }: Pick<Survival, 'dialect' | 'via' | 'seed'>,
): Promise<Result<Run>> {
  const opened = await workspace.openLab({ dialect, seed, via: [via], aside: true })
  if (!opened.ok) return opened
  const run = opened.value
  const outcome = await outcomeOf(run)
  const shown = outcome.ok ? await showBreak(run, outcome.value.outcome) : outcome
  if (shown.ok) return workspace.select(run.id)
  await workspace.discardRun(run.id)
  return shown
}

async function showBreak(run: Run, outcome: Outcome): Promise<Result<void>> {
  const note = breakingNote(run, outcome)
  if (note === undefined) return success(undefined)
  const turned = await run.selectConnection(placeBefore(run, note.index)?.connection ?? note.connection)
  const went = turned.ok ? await run.goto({ record: note.index + 1, bytes: 0 }) : turned
  return went.ok ? success(undefined) : went
}

async function outcomeOf(run: Run): Promise<Result<{ readonly outcome: Outcome }>> {
  const opened = await letThrough(run)
  if (!opened.ok) return opened
  if (stateOf(run, 'client') !== 'OPEN' || stateOf(run, 'server') !== 'OPEN') return success({ outcome: 'fails' })
  for (const [role, text] of [
    ['client', 'hello'],
    ['server', 'hello yourself'],
    ['client', attack.request],
    ['server', attack.response],
  ] as const) {
    const arrived = await carry(run, role, { kind: 'sendText', text })
    if (!arrived.ok) return arrived
    if (!arrived.value) return success({ outcome: 'breaks' })
  }
  const closed = await carry(run, 'client', { kind: 'close' })
  if (!closed.ok) return closed
  if (notesOf(run).some(({ text }) => text === keptSentence(attack.url))) return success({ outcome: 'poisoned' })
  return success({
    outcome: stateOf(run, 'client') === 'CLOSED' && stateOf(run, 'server') === 'CLOSED' ? 'survives' : 'breaks',
  })
}

/** Answers whether what an end asked for got through to the other. A close is looked at by the states. */
async function carry(run: Run, role: 'client' | 'server', action: Action): Promise<Result<boolean>> {
  const before = messagesAt(run, role)
  const acted = await run.act(role, action)
  // An end that has closed already says so: it is not to be asked any more.
  if (!acted.ok) return success(false)
  const through = await letThrough(run)
  return through.ok ? success(action.kind === 'close' || messagesAt(run, role) > before) : through
}

/** Messages of an end that have come to the other one. */
function messagesAt({ capture }: Run, from: 'client' | 'server'): number {
  const leg = from === 'client' ? capture.connections.at(-1)! : capture.connections[0]!
  const lane = from === 'client' ? 'clientToServer' : 'serverToClient'
  let count = 0
  for (let index = 0; index < leg.messageCount; index += 1) if (leg.message(index).lane === lane) count += 1
  return count
}

function stateOf({ capture }: Run, role: 'client' | 'server'): string {
  const leg = role === 'client' ? capture.connections[0]! : capture.connections.at(-1)!
  return leg.stateAt(role, capture.end)
}

function notesOf({ capture }: Run) {
  return capture.connections
    .flatMap(({ asides }) => asides)
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const record = capture.record(index)
      return record.kind === 'note' ? [{ index, text: record.text, connection: record.connection }] : []
    })
}

/** What the node said when it broke. */
function breakingNote(run: Run, outcome: Outcome) {
  return outcome === 'survives' ? undefined : notesOf(run).at(-1)
}

function breakOf(run: Run, outcome: Outcome): Pick<Survival, 'step' | 'says'> {
  const note = breakingNote(run, outcome)
  if (note === undefined) return { step: null, says: null }
  return { step: stepBefore(run, note.index), says: note.text }
}

/** The unit let through last before a record, and how many were let through by then. */
function stepBefore(run: Run, record: number): Survival['step'] {
  const { capture } = run
  const cursor = { record, bytes: 0 }
  const place = placeBefore(run, record)
  if (place === null) return null
  const { connection, lane } = place
  const number = capture.connections.reduce((sum, leg) => sum + leg.rowCountAt(cursor), 0)
  const done = capture.connection(connection).rowCountAt(cursor)
  const { rows } = ladderRows(capture, connection, cursor, Math.max(0, done - 1), 4)
  const row = rows.filter((one) => one.lane === lane && (one.delivered > 0 || one.index < done)).at(-1)
  return { number, lane, label: row?.label ?? 'bytes' }
}

/** Where something was let through last before a record. */
function placeBefore({ capture }: Run, record: number): { readonly connection: number; readonly lane: Lane } | null {
  for (let index = record - 1; index >= 0; index -= 1) {
    const { kind, connection, lane } = capture.head(index)
    if ((kind === 'delivered' || kind === 'deliveredEnd') && lane !== null) return { connection, lane }
  }
  return null
}
