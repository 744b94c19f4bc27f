// Where the sessions of the cases go: all into a folder that was asked for, else the failing ones into one of our own.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ConformCase } from '../../shared/conform/case.ts'
import type { Outcome } from '../../shared/conform/findings.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type Recording, recordTo } from '../lab/recording.ts'
import { systemClock } from '../net/clock.ts'

export interface Sessions {
  begin(test: ConformCase): Result<Recording>
  /** Writes the verdict into the session; answers its path, or null when it is not kept. */
  finish(recording: Recording, test: ConformCase, outcome: Outcome): string | null
  close(): void
}

/** `folder` undefined: failing ones only, under `data`. Fails with a sentence when the folder has something in it. */
export function openSessions(
  folder: string | undefined,
  data: string,
  onTrouble: (sentence: string) => void,
): Result<Sessions> {
  const path = folder === undefined ? ownFolder(data) : resolve(folder)
  if (existsSync(path) && readdirSync(path).length > 0) {
    return failure(`The folder ${path} is not empty: name a new one for --sessions.`)
  }
  return success({
    begin: ({ id }) => recordTo(join(path, `${id}.pcapng`), onTrouble),
    finish(recording, test, outcome) {
      if (folder === undefined && outcome.verdict !== 'fail') {
        recording.discard()
        return null
      }
      note(recording, test, outcome)
      recording.close()
      return recording.path
    },
    close() {
      if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path)
    },
  })
}

/** A folder nobody else has, named after the time. */
function ownFolder(data: string): string {
  const all = join(data, 'conform')
  mkdirSync(all, { recursive: true })
  return mkdtempSync(join(all, `${new Date().toISOString().slice(0, 19).replaceAll(':', '.')} `))
}

function note(
  { capture }: Recording,
  { id, title }: ConformCase,
  { verdict, expected, came, at, cite, fault }: Outcome,
): void {
  if (capture.length === 0) return
  const rule = fault ? `${cite}, ${fault}` : cite
  const text = `Case ${id}, ${title}: ${verdict}. Expected: ${expected}. Came: ${came}. Rule: ${rule}.`
  capture.append({ kind: 'note', time: systemClock.now(), connection: 1, text, ...(at && { at }) })
}
