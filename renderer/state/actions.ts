// What a command does when it is a button, a key or a palette entry: most are sent as the line one would type.

import { senderOf } from '../../shared/bytes/lanes.ts'
import { type CommandName, commandNamed, isDialogCommand } from '../../shared/commands/registry.ts'
import { quoteWord } from '../../shared/commands/words.ts'
import type { FilePurpose } from '../../shared/ipc/contract.ts'
import type { Session } from './session.ts'
import { showSurvival } from './survival.ts'

/** True when the command cannot run without something the person has to say. */
export function needsMore(name: CommandName): boolean {
  return Object.values(commandNamed(name).args).some((arg) => arg.absent === null)
}

/** Asks for a file the way the host can, and does it: the system's dialog, or one of our own. */
export async function pickFile(session: Session, purpose: 'open' | 'save'): Promise<void> {
  if (session.world.getState().app?.host === 'browser') return session.show({ overlay: purpose })
  const path = await pickPath(session, purpose)
  if (path !== null) await session.send(`${purpose} ${quoteWord(path)}`)
}

/** Asks for a file with the system's dialog; null when it was not said which. */
export async function pickPath({ bridge, show }: Session, purpose: FilePurpose): Promise<string | null> {
  const picked = await bridge.request('pickFile', { purpose })
  if (picked.ok) return picked.value.path
  show({ refusal: picked.error })
  return null
}

function breakLine(session: Session): string {
  const { selection } = session.world.getState()
  if (!selection || selection.follows) return 'break here'
  return `break here ${senderOf(selection.lane)} ${selection.offset}`
}

/** Does what a button, key or palette entry of that name promises. */
export function perform(session: Session, name: CommandName): void {
  if (isDialogCommand(name)) session.show({ overlay: name })
  else if (name === 'find') askToFind(session)
  else if (name === 'tap') session.show({ overlay: null, tab: 'live' })
  else if (name === 'samples') session.show({ overlay: null, tab: name })
  else if (name === 'compare') session.show({ overlay: null, tab: name, comparing: 'scenario' })
  else if (name === 'survive') showSurvival(session)
  else if (name === 'open' || name === 'save') void pickFile(session, name)
  else if (name === 'break here') void session.send(breakLine(session))
  else if (needsMore(name)) session.show({ overlay: null, tab: 'lab', bottom: 'console', draft: `${name} ` })
  else step(session, name)
}

function askToFind({ world }: Session): void {
  world.setState(({ findAsked }) => ({ overlay: 'find', tab: 'lab', findAsked: findAsked + 1 }))
}

/** What moves the cursor shows where to: what was picked by hand before is let go. */
function step({ world, send }: Session, name: CommandName): void {
  if (commandNamed(name).group === 'Stepping') {
    const { selection } = world.getState()
    if (selection?.follows === false) world.setState({ selection: { ...selection, follows: true } })
  }
  void send(name)
}
