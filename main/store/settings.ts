// What is remembered between sessions: the person's settings and the files they used last, in one JSON file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { isDialectId } from '../../shared/dialects/registry.ts'
import type { RecentSession, Settings } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { profileIds } from '../../shared/profile/prototype2010.ts'
import { codeOf, fileError } from './fileErrors.ts'
import { replaceFile } from './replaceFile.ts'

export interface SettingsFile {
  readonly settings: Settings
  /** Newest first; files that are gone are left out. */
  recent(): readonly RecentSession[]
  /** What was wrong with the file when it was read, as a sentence; null when nothing was. */
  readonly warning: string | null
  /** Takes over what is given. In force at once even when it cannot be written, which is then the failure. */
  update(change: Partial<Settings>): Result<Settings>
  /** Puts a session at the head of the recent list, once. */
  addRecent(session: RecentSession): Result<void>
}

export const defaultSettings: Settings = { theme: 'system', profile: null, layout: {} }

const mostRecent = 20

const settingsSchema = z.object({
  theme: z.enum(['dark', 'light', 'system']),
  // Files from before there were profiles have none.
  profile: z.enum(profileIds).nullable().default(null),
  layout: z.record(z.string(), z.array(z.number())),
})

const contentSchema = z.object({
  settings: settingsSchema,
  recent: z.array(
    z.object({
      path: z.string(),
      title: z.string(),
      dialect: z.string().refine(isDialectId).nullable(),
      time: z.number(),
      size: z.number(),
    }),
  ),
})

type Content = { readonly settings: Settings; readonly recent: readonly RecentSession[] }

const empty: Content = { settings: defaultSettings, recent: [] }

/** Reads the file at `path`; one that is missing or cannot be understood gives the defaults. */
export function openSettings(path: string): SettingsFile {
  const read = readContent(path)
  let content = read.ok ? read.value : empty
  /** Another window may have changed the file since: what it wrote is kept. */
  function change(make: (before: Content) => Content): Result<void> {
    const now = readContent(path)
    content = make(now.ok && existsSync(path) ? now.value : content)
    return writeContent(path, content)
  }
  return {
    get settings() {
      return content.settings
    },
    recent: () => content.recent.filter((session) => existsSync(session.path)),
    warning: read.ok ? null : read.error,
    update(part) {
      const written = change((before) => ({ ...before, settings: { ...content.settings, ...part } }))
      return written.ok ? success(content.settings) : written
    },
    addRecent(session) {
      return change(({ recent }) => ({
        settings: content.settings,
        recent: [session, ...recent.filter((one) => one.path !== session.path)].slice(0, mostRecent),
      }))
    },
  }
}

function readContent(path: string): Result<Content> {
  try {
    return success(contentSchema.parse(JSON.parse(readFileSync(path, 'utf8'))))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return success(empty)
    const reason = error instanceof SyntaxError || error instanceof z.ZodError
    return failure(
      reason
        ? `The settings in ${path} cannot be understood, so the defaults are used; the next change replaces the file.`
        : fileError('read the settings in', path, error),
    )
  }
}

function writeContent(path: string, content: Content): Result<void> {
  try {
    replaceFile(path, (temporary) => writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`))
    return success(undefined)
  } catch (error) {
    return failure(fileError('write the settings to', path, error))
  }
}
