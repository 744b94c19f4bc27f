// Where the window was and in which colours, so that it opens there again. Read before anything is shown, so without the
// libraries that judge everything else.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow, Rectangle, Screen } from 'electron'
import type { Settings } from '../../shared/ipc/contract.ts'

export interface WindowState {
  readonly bounds: Partial<Rectangle>
  readonly maximized: boolean
  readonly theme: Settings['theme']
}

type Saved = WindowState & { readonly bounds: Rectangle }

const first: WindowState = { bounds: { width: 1440, height: 900 }, maximized: false, theme: 'system' }

/** The last state when a screen still shows enough of it to be grabbed; else a window in the middle. */
export function readWindowState(folder: string, screen: Pick<Screen, 'getAllDisplays'>): WindowState {
  const saved = parse(readText(join(folder, fileName)))
  if (!saved) return first
  const visible = screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, saved.bounds))
  return visible ? saved : first
}

/** Does nothing for a window that is gone: it was saved when it closed. */
export function saveWindowState(folder: string, window: BrowserWindow, theme: Settings['theme']): void {
  if (window.isDestroyed()) return
  const state: Saved = { bounds: window.getNormalBounds(), maximized: window.isMaximized(), theme }
  writeFileSync(join(folder, fileName), JSON.stringify(state))
}

const fileName = 'window.json'
/** Pixels of the window a screen has to show. */
const grip = 100

function overlaps(area: Rectangle, bounds: Rectangle): boolean {
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
function parse(text: string): Saved | null {
  try {
    const { bounds, maximized, theme } = JSON.parse(text)
    const { x, y, width, height } = bounds
    const fits = [x, y, width, height].every(Number.isInteger) && width >= 400 && height >= 300
    if (!fits || typeof maximized !== 'boolean') return null
    const known = theme === 'dark' || theme === 'light' ? theme : first.theme
    return { bounds: { x, y, width, height }, maximized, theme: known }
  } catch {
    return null
  }
}
