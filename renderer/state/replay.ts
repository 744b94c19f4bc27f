// The replay the window shows: what is to be played where, and what came of it.
import type { Lane, Role } from '../../shared/bytes/lanes.ts'
import { quoteWord } from '../../shared/commands/words.ts'
import type { ReplayCell, ReplayReport, ReplaySide } from '../../shared/replay/types.ts'
import type { Session } from './session.ts'

/** As typed into the form. */
export interface ReplayDraft {
  /** The recorded end that is played. */
  readonly role: Role
  readonly url: string
  readonly port: string
  /** `max`: by order only. */
  readonly speed: string
  readonly keepMasks: boolean
}

export interface ReplayState {
  readonly draft: ReplayDraft
  readonly report: ReplayReport | null
  readonly busy: boolean
  readonly error: string | null
}

export const firstReplay: ReplayState = {
  draft: { role: 'client', url: '', port: '0', speed: 'max', keepMasks: false },
  report: null,
  busy: false,
  error: null,
}

/** What the form says, as the command it is. */
export function replayLine({ role, url, port, speed, keepMasks }: ReplayDraft): string {
  const where = role === 'client' ? `--to ${quoteWord(url.trim())}` : `--listen ${quoteWord(port.trim())}`
  return `replay ${where} --speed ${speed}${keepMasks ? ' --keep-masks' : ''}`
}

export function changeReplay({ world }: Session, change: Partial<ReplayState>): void {
  world.setState((now) => ({ replay: { ...now.replay, ...change } }))
}

/** Settles when the replay is over. The last report stays until the new one is here. */
export async function startReplay(session: Session): Promise<void> {
  const { draft, busy } = session.world.getState().replay
  if (busy) return
  changeReplay(session, { busy: true, error: null })
  const played = await session.send(replayLine(draft), { own: true })
  if (!played.ok) return changeReplay(session, { busy: false, error: played.error })
  const answer = await session.bridge.request('replayed', {})
  changeReplay(session, answer.ok ? { busy: false, report: answer.value } : { busy: false, error: answer.error })
}

/** Shows a unit of either side in the stepper, at the world in which it is complete. */
export async function openReplayed(session: Session, side: ReplaySide, lane: Lane, cell: ReplayCell): Promise<void> {
  const { record, bytes } = cell.cursor
  for (const line of [`use ${side.run}`, `connection ${side.connection}`, `goto ${record}:${bytes}`]) {
    if (!(await session.send(line)).ok) return
  }
  session.select({ lane, offset: cell.offset, span: null })
  session.show({ tab: 'lab', overlay: null })
}
