// Finds an Electron runtime: the folder named by ELECTRON_OVERRIDE_DIST_PATH, the one the npm package has downloaded,
// or a download now. Says which, or why there is none. Only Node's own modules, and no side effects on import.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const downloadLimit = 180_000

const executables = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/**
 * @param {{ from: string, download?: boolean }} options `from`: a file of the project whose node_modules count.
 * @returns {{ ok: true, path: string, version: string, where: string } | { ok: false, reason: string }}
 */
export function findElectron({ from, download = false }) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override)
    return (
      inFolder(override, 'ELECTRON_OVERRIDE_DIST_PATH') ??
      none(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, which holds no Electron`)
    )
  const packageFolder = electronPackage(from)
  if (!packageFolder) return none('the npm package electron is not installed')
  const dist = join(packageFolder, 'dist')
  const installed = inFolder(dist, 'the installed package')
  if (installed) return installed
  if (!download) return none('the npm package electron has not downloaded its runtime')
  return runDownload(packageFolder) ?? inFolder(dist, 'its download') ?? none('its download left no runtime')
}

function none(reason) {
  return { ok: false, reason }
}

function inFolder(folder, where) {
  const path = join(folder, executables[process.platform] ?? 'electron')
  if (!existsSync(path)) return null
  const versionFile = join(folder, 'version')
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown'
  return { ok: true, path, version, where }
}

function electronPackage(from) {
  try {
    return dirname(createRequire(from).resolve('electron/package.json'))
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

/** Null when it worked. */
function runDownload(packageFolder) {
  const { status, error, stderr } = spawnSync(process.execPath, [join(packageFolder, 'install.js')], {
    cwd: packageFolder,
    timeout: downloadLimit,
    encoding: 'utf8',
  })
  if (error?.code === 'ETIMEDOUT') return none(`its download took longer than ${downloadLimit / 1000} s`)
  if (status === 0) return null
  const said = /^\s*(?:\w*Error): (.+)$/m.exec(stderr ?? '')?.[1] ?? error?.message ?? `exit code ${status}`
  return none(`its download failed: ${said}`)
}
