// Finds a Chromium for the end-to-end tests, or installs one; says what to do when neither can be done.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError } from './setup.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const places = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
}

async function ofPlaywright() {
  const { chromium } = await import('@playwright/test')
  const file = chromium.executablePath()
  return existsSync(file) ? file : undefined
}

async function find() {
  const named = process.env.WIRESTEP_CHROMIUM
  if (named) return existsSync(named) ? named : undefined
  return onPath() ?? (places[process.platform] ?? []).find((file) => existsSync(file)) ?? (await ofPlaywright())
}

function isDebianRoot() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

function install() {
  const run = (command, args) => spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
  if (isDebianRoot()) {
    console.error('setup: installing Chromium with apt-get')
    process.env.DEBIAN_FRONTEND = 'noninteractive'
    if (
      run('apt-get', ['update', '-q']) &&
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'])
    )
      return
  }
  console.error("setup: installing Playwright's Chromium")
  run(process.execPath, [join('node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'])
}

/** The path of a Chromium or Chrome. Throws a SetupError when none can be had. */
export async function resolveBrowser() {
  const found = await find()
  if (found) return found
  install()
  const installed = await find()
  if (installed) return installed
  throw new SetupError(
    'No Chromium or Chrome was found, and none could be installed: install one, or set WIRESTEP_CHROMIUM to its path.',
  )
}
