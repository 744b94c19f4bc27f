import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow, Screen } from 'electron'
import { describe, expect, it } from 'vitest'
import { readWindowState, saveWindowState } from '../../../main/app/windowState.ts'

const bounds = { x: 10, y: 20, width: 1200, height: 800 }
const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] } as unknown as Screen

function windowAt(place: object): BrowserWindow {
  return { isDestroyed: () => false, getNormalBounds: () => place, isMaximized: () => true } as unknown as BrowserWindow
}

function folder(text?: string): string {
  const path = mkdtempSync(join(tmpdir(), 'wirestep-window-'))
  if (text !== undefined) writeFileSync(join(path, 'window.json'), text)
  return path
}

describe('the window', () => {
  it('opens where it was, in the colours it had', () => {
    const path = folder()
    saveWindowState(path, windowAt(bounds), 'light')
    expect(readWindowState(path, screen)).toEqual({ bounds, maximized: true, theme: 'light' })
  })
  it('opens in the middle when the screen it was on is gone', () => {
    const path = folder()
    saveWindowState(path, windowAt({ ...bounds, x: 1900 }), 'system')
    expect(readWindowState(path, screen).bounds).toEqual({ width: 1440, height: 900 })
  })
  it('opens where it was when no colours were saved, or none that there are', () => {
    const saved = { bounds, maximized: false }
    for (const state of [saved, { ...saved, theme: 'pink' }]) {
      expect(readWindowState(folder(JSON.stringify(state)), screen)).toEqual({ ...saved, theme: 'system' })
    }
  })
  it.each([
    undefined,
    '',
    'null',
    '{"bounds":{}',
    '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}',
    '{"bounds":{"x":0.5,"y":0,"width":900,"height":700},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":900,"height":"700"},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":900,"height":700}}',
  ])('opens in the middle when what was saved is %j', (text) => {
    const middle = { bounds: { width: 1440, height: 900 }, maximized: false, theme: 'system' }
    expect(readWindowState(folder(text), screen)).toEqual(middle)
  })
})
