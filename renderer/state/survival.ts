// The runs behind intermediaries: begun, and one of them opened. What they come to is in the app's snapshot.
import type { Survival } from '../../shared/intermediaries/survival.ts'
import type { Session } from './session.ts'

/** Shows the table, and begins with the runs if there have been none. */
export function showSurvival(session: Session): void {
  session.show({ overlay: null, tab: 'compare', comparing: 'survival' })
  if (session.world.getState().app?.survival === null) void session.send('survive')
}

/** Runs one of them again in the lab, up to where it breaks, and picks what was let through last there. */
export async function openSurvival(session: Session, { dialect, via, seed, step }: Survival): Promise<void> {
  const opened = await session.send(`survival ${dialect} ${via} --seed ${seed}`)
  if (!opened.ok) return
  const { run } = opened.value
  const lane = step && run?.connections.find(({ id }) => id === run.connection)?.lanes[step.lane]
  if (lane && lane.delivered > 0) session.select({ lane: step.lane, offset: lane.delivered - 1, span: null })
  session.show({ tab: 'lab' })
}
