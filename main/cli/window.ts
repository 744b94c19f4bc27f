// The window of `wirestep`: on the desktop when it can be had, else in a browser; says which, and why.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { findElectron } from '../../scripts/electron.mjs'
import { dataFolder } from '../host/dataFolder.ts'
import { openFirstRun, openHost } from '../host/open.ts'
import { openSwitch } from '../host/openSwitch.ts'
import { builtFile, packageFolder } from '../host/paths.ts'
import { serveWeb } from '../host/web.ts'
import { hasDisplay, openInBrowser } from './browser.ts'
import { CliError, createOutput, type Output, type Terminal } from './terminal.ts'

type Choice =
  | { readonly host: 'desktop'; readonly path: string; readonly why: string }
  | { readonly host: 'browser'; readonly why: string }

/** Opens the window: on a file when `asked` has the words of the console's `open`, else on a new lab run. */
export async function openWindow(terminal: Terminal, asked: string | null): Promise<number> {
  const output = createOutput(terminal.stdout)
  const choice = chooseHost(terminal.env)
  if (choice.host === 'browser') return openBrowserHost(choice.why, asked, terminal, output)
  await output.line(`Opening the desktop window: ${choice.why}.`)
  const failed = await runDesktop(choice.path, asked, terminal)
  return failed === null ? 0 : openBrowserHost(failed, asked, terminal, output)
}

/** `WIRESTEP_HOST` forces one; else the desktop, when nothing speaks against it. */
export function chooseHost(env: NodeJS.ProcessEnv, platform = process.platform, user = process.getuid?.()): Choice {
  const { WIRESTEP_HOST: forced } = env
  if (forced === 'browser') return { host: 'browser', why: 'WIRESTEP_HOST asks for it' }
  if (forced !== undefined && forced !== 'desktop') {
    throw new CliError(`WIRESTEP_HOST is "${forced}": set it to desktop or browser, or leave it out.`)
  }
  const against = desktopObstacle(env, platform, user)
  const runtime =
    against === null ? findElectron({ from: join(packageFolder(), 'package.json'), download: true }) : null
  if (runtime?.ok)
    return { host: 'desktop', path: runtime.path, why: `Electron ${runtime.version} from ${runtime.where}` }
  const why = against ?? `there is no Electron runtime: ${runtime?.reason}`
  if (forced === 'desktop') throw new CliError(`The desktop window cannot open: ${why}.`)
  return { host: 'browser', why }
}

function desktopObstacle(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, user: number | undefined): string | null {
  if (platform !== 'linux') return null
  if (!hasDisplay(env)) return 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)'
  // Chromium's sandbox cannot start for root, and the product never runs without it.
  if (user === 0) return 'this is root, and Electron does not start as root with its sandbox on'
  return null
}

/** Milliseconds within which an abnormal end means that the window never opened. */
const startLimit = 15_000

/** Null when the window was closed by the person; else why it did not open. */
async function runDesktop(electron: string, asked: string | null, { interrupted }: Terminal): Promise<string | null> {
  const started = Date.now()
  const opens = asked === null ? [] : [`${openSwitch}${asked}`]
  const child = spawn(electron, [packageFolder(), ...opens], { stdio: 'inherit' })
  interrupted.addEventListener('abort', () => child.kill())
  const failed = new Promise<string>((resolve) =>
    child.once('error', (error) => resolve(`Electron did not start: ${error.message}`)),
  )
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    const early = Date.now() - started < startLimit && !interrupted.aborted
    return early && code !== 0 ? `Electron ended at once (${signal ?? `exit code ${code}`}), as it says above` : null
  })
  return Promise.race([failed, ended])
}

async function openBrowserHost(why: string, asked: string | null, terminal: Terminal, output: Output): Promise<number> {
  const host = openHost({ kind: 'browser', folder: dataFolder(terminal.env), pickFile: async () => null })
  await openFirstRun(host, asked)
  const web = await serveWeb({ host, folder: builtFile('renderer') })
  if (!web.ok) throw new CliError(web.error)
  const opened = openInBrowser(web.value.url, terminal.env)
  await output.line(`Serving the window to ${opened ? 'your browser' : 'a browser'}: ${why}.`)
  await output.line(`${web.value.url}`)
  await output.line('The link works once. Ctrl+C stops Wirestep.')
  if (!terminal.interrupted.aborted) await once(terminal.interrupted, 'abort')
  await web.value.close()
  await host.workspace.shutdown()
  return 0
}
