// Opens a link in the person's own browser.
import { spawn } from 'node:child_process'

/** False when there is none to open: no display, or `BROWSER=none`. */
export function openInBrowser(url: string, env: NodeJS.ProcessEnv, platform = process.platform): boolean {
  const { BROWSER: wanted } = env
  if (wanted === 'none' || (platform === 'linux' && !hasDisplay(env))) return false
  const [command, ...args] = opener(platform)
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  // Without an opener the link is still on the screen, to be clicked or copied.
  child.once('error', () => {})
  child.unref()
  return true
}

/** Of X11 or Wayland. */
export function hasDisplay({ DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): boolean {
  return Boolean(DISPLAY || WAYLAND_DISPLAY)
}

function opener(platform: NodeJS.Platform): [string, ...string[]] {
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler']
    default:
      return ['xdg-open']
  }
}
