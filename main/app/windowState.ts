// Where the window was, so that it opens there again.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow, Rectangle, Screen } from 'electron'
import { z } from 'zod'

const schema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) }),
  maximized: z.boolean(),
})

export interface WindowState {
  readonly bounds: Partial<Rectangle>
  readonly maximized: boolean
}

const first: WindowState = { bounds: { width: 1440, height: 900 }, maximized: false }

/** The last state when a screen still shows enough of it to be grabbed; else a window in the middle. */
export function readWindowState(folder: string, screen: Pick<Screen, 'getAllDisplays'>): WindowState {
  const saved = parse(readText(join(folder, fileName)))
  if (!saved) return first
  const visible = screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, saved.bounds))
  return visible ? saved : first
}

/** Does nothing for a window that is gone: it was saved when it closed. */
export function saveWindowState(folder: string, window: BrowserWindow): void {
  if (window.isDestroyed()) return
  const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
  writeFileSync(join(folder, fileName), JSON.stringify(state))
}

const fileName = 'window.json'
/** Pixels of the window a screen has to show. */
const grip = 100

function overlaps(area: Rectangle, bounds: z.infer<typeof schema>['bounds']): boolean {
  const width = Math.min(area.x + area.width, bounds.x + bounds.width) - Math.max(area.x, bounds.x)
  const height = Math.min(area.y + area.height, bounds.y + bounds.height) - Math.max(area.y, bounds.y)
  return width >= grip && height >= grip
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // first start: there is none yet
  }
}

/** A file that was cut short or edited by hand is as good as none. */
function parse(text: string): z.infer<typeof schema> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
