// Opens Wirestep as a person would, on either host, with a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import {
  type Browser,
  test as base,
  chromium,
  type ElectronApplication,
  _electron as electron,
  expect,
  type Page,
} from '@playwright/test'
import { openSwitch } from '../../main/host/openSwitch.ts'
import { quoteWord } from '../../shared/commands/words.ts'

export const root = resolve(import.meta.dirname, '../..')

export interface App {
  readonly page: Page
  /** Where settings and recordings go. */
  readonly folder: string
  readonly host: 'browser' | 'desktop'
  /** Every message the page wrote to its developer console as an error. */
  readonly problems: readonly string[]
  /** The desktop's main process; null in the browser. */
  readonly electron: ElectronApplication | null
}

interface Size {
  readonly width: number
  readonly height: number
}

interface Opens {
  readonly path: string
  readonly keylog: string
}

interface Options {
  host: 'browser' | 'desktop'
  /** Shared by the tests of a worker; each has a context of its own. Null on the desktop. */
  chromium: Browser | null
}

interface Fixtures {
  size: Size
  theme: 'dark' | 'light'
  /** The file that `wirestep open` is given, or null: the window opens on the lab. */
  opens: Opens | null
  app: App
}

interface Opened {
  readonly page: Page
  readonly electron: ElectronApplication | null
  close(): Promise<void>
}

export const test = base.extend<Fixtures, Options>({
  host: ['browser', { option: true, scope: 'worker' }],
  chromium: [
    async ({ host }, use) => {
      const browser = host === 'browser' ? await launchChromium() : null
      await use(browser)
      await browser?.close()
    },
    { scope: 'worker' },
  ],
  size: [{ width: 1280, height: 800 }, { option: true }],
  theme: ['dark', { option: true }],
  opens: [null, { option: true }],
  app: async ({ host, chromium, size, theme, opens }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'wirestep-e2e-'))
    const opened = chromium ? await openBrowser(folder, size, chromium, opens) : await openDesktop(folder, size, opens)
    const problems: string[] = []
    opened.page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    opened.page.on('pageerror', (error) => problems.push(error.message))
    await opened.page.emulateMedia({ colorScheme: theme })
    await expect(opened.page.getByTestId('ladder-row').first()).toBeVisible()
    await use({ page: opened.page, electron: opened.electron, folder, host, problems })
    await opened.close()
    await rm(folder, { recursive: true, force: true })
  },
})

export { expect }

// Chromium's sandbox cannot start for root: test runs only, never the product.
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/**
 * Holds the app's `ready` until Playwright is attached to everything, which it only sees to by itself where it finds
 * Electron itself. A window that opens while it attaches can leave the launch waiting for ever.
 */
const heldUntilAttached = join(
  dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
  'lib/server/electron/loader.js',
)

export async function openDesktop(
  folder: string,
  { width, height }: Size,
  opens: Opens | null = null,
): Promise<Opened> {
  // As `wirestep open` starts it, which does not start Electron for root.
  const words = opens ? [`${openSwitch}${quoteWord(opens.path)} --keylog ${quoteWord(opens.keylog)}`] : []
  const app = await electron.launch({
    executablePath: process.env['WIRESTEP_ELECTRON']!,
    args: [
      '-r',
      heldUntilAttached,
      '-r',
      join(import.meta.dirname, 'contentSize.cjs'),
      ...asRoot,
      '--disable-gpu',
      root,
      ...words,
    ],
    env: { ...definedEnv(), WIRESTEP_DATA: folder, CONTENT_SIZE: `${width}x${height}` },
  })
  return { page: await app.firstWindow(), electron: app, close: () => app.close() }
}

/** In `shared`, or in a Chromium of its own. */
export async function openBrowser(
  folder: string,
  viewport: Size,
  shared?: Browser,
  opens: Opens | null = null,
): Promise<Opened> {
  const host = await startBrowserHost(folder, opens)
  const browser = shared ?? (await launchChromium())
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  await page.goto(host.url)
  return {
    page,
    electron: null,
    close: async () => {
      await (shared ? context : browser).close()
      await host.end('SIGINT')
    },
  }
}

export interface BrowserHost {
  /** The link it printed: works once. */
  readonly url: string
  end(signal: NodeJS.Signals): Promise<void>
}

/** A Wirestep that serves its window to a browser, as `npm start` does without a display. */
export async function startBrowserHost(folder: string, opens: Opens | null = null): Promise<BrowserHost> {
  const words = opens ? ['open', opens.path, '--keylog', opens.keylog] : []
  const host = spawn(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...words], {
    env: { ...definedEnv(), WIRESTEP_HOST: 'browser', WIRESTEP_DATA: folder, BROWSER: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    url: await printedUrl(host),
    end: async (signal) => {
      const exited = once(host, 'exit')
      host.kill(signal)
      await exited
    },
  }
}

export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['WIRESTEP_CHROMIUM']!,
    args: [...asRoot, ...more, '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

async function printedUrl(host: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: host.stdout! })) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('the browser host ended without printing its URL')
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}
