// A display for the desktop window where the machine has none.
import { spawnSync } from 'node:child_process'

const virtual = ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24']

function needsVirtualDisplay() {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
}

/** Words to put before a command that opens a window; null when there is no display and none can be made. */
export function displayFor() {
  if (!needsVirtualDisplay()) return []
  return spawnSync(virtual[0], ['--help']).status === 0 ? virtual : null
}

export const displayAdvice = 'there is no display; install xvfb, or set DISPLAY'
