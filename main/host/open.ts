// Puts a host together for a process: settings, recordings and workspace in the data folder.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { faultLine } from '../../shared/commands/transcript.ts'
import type { RecentSession } from '../../shared/ipc/contract.ts'
import { version } from '../../shared/version.ts'
import { createWorkspace } from '../lab/workspace.ts'
import { openSettings, type SettingsFile } from '../store/settings.ts'
import { createHost, type Host, type HostOptions, type Memory } from './host.ts'

/** The lab run a window opens with. */
const first = { dialect: 'hello-00', seed: 7 } as const

export type OpenOptions = Pick<HostOptions, 'kind' | 'folder' | 'pickFile'>

/** A host without a run. */
export function openHost({ kind, folder, pickFile }: OpenOptions): Host {
  const settings = openSettings(join(folder, 'settings.json'))
  const host = createHost({
    kind,
    folder,
    version,
    memory: memoryIn(settings),
    openWorkspace: (events) => createWorkspace({ dataFolder: folder, ...events }),
    pickFile,
  })
  if (settings.warning) host.tell([faultLine(settings.warning)])
  return host
}

/** Opens what a window starts with: `asked`, in the words of `open`; else the lab, paused before the first byte. */
export async function openFirstRun({ perform, workspace, tell }: Host, asked: string | null): Promise<void> {
  const opened = asked === null ? null : await perform(`open ${asked}`)
  if (opened?.ok) return
  if (opened) tell([faultLine(opened.error)])
  const lab = await workspace.openLab(first)
  if (!lab.ok) tell([faultLine(lab.error)])
}

function memoryIn(file: SettingsFile): Memory {
  return {
    settings: () => file.settings,
    change: (change) => file.update(change),
    recent: () => file.recent().map(withSize),
    remember: (session) => file.addRecent(session),
  }
}

/** A session grows while it is recorded. */
function withSize(session: RecentSession): RecentSession {
  return existsSync(session.path) ? { ...session, size: statSync(session.path).size } : session
}
