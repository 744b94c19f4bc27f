// Makes a clone ready to run with nothing but Node and npm: dependencies installed when missing or stale, the build
// made when stale. Only Node's own modules here, since nothing else may be installed yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(fileURLToPath(import.meta.url), '../..')

const leastNode = [20, 19]
const sources = [
  'main',
  'shared',
  'renderer',
  'scripts/electron.mjs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
]
const outputs = [
  'main/app.js',
  'main/cli.js',
  'main/service.js',
  'main/client.js',
  'types/main/services/index.d.ts',
  'preload/index.cjs',
  'renderer/index.html',
]
const stamp = join(root, 'out/.built-from')

/** A failure the person can do something about: printed without a stack. */
export class SetupError extends Error {}

/** Everything `npm start` and `npm test` need. Says what it does, one line each; silent when there is nothing to do. */
export function setup() {
  checkNode()
  installDependencies()
  if (buildIsStale()) build()
}

/** Runs `work`, printing a SetupError as one sentence and exiting 1. */
export async function orExplain(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return
  throw new SetupError(
    `Wirestep needs Node ${leastNode.join('.')} or newer, and this is ${version}: install a newer one from https://nodejs.org.`,
  )
}

export function installDependencies() {
  if (dependenciesAreCurrent()) return
  console.log('Installing dependencies (npm ci).')
  const { command, args } = npm(['ci', '--no-fund', '--no-audit'])
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: command === 'npm.cmd' })
  if (error)
    throw new SetupError(`npm could not be run (${error.message}): it comes with Node, see https://nodejs.org.`)
  if (status !== 0)
    throw new SetupError(
      'npm ci failed, as it says above: check the network or the registry in .npmrc, then run the same command again.',
    )
}

/** npm writes what it installed to a lockfile of its own, last of all; an interrupted install leaves none. */
export function dependenciesAreCurrent(folder = root) {
  const installed = readJson(join(folder, 'node_modules/.package-lock.json'))
  if (!installed) return false
  const wanted = readJson(join(folder, 'package-lock.json'))
  if (!wanted)
    throw new SetupError('package-lock.json is missing or unreadable: get it back with git checkout package-lock.json.')
  return Object.entries(wanted.packages).every(([path, { version, optional, peer }]) => {
    const present = installed.packages[path]
    return path === '' || (present ? present.version === version : optional || peer)
  })
}

export function buildIsStale() {
  const missing = outputs.some((file) => !existsSync(join(root, 'out', file)))
  return missing || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sourceHash()
}

/** Builds out/ from scratch. */
export function build() {
  console.log('Building (electron-vite build).')
  const hash = sourceHash()
  rmSync(join(root, 'out'), { recursive: true, force: true })
  runTool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])
  // The types of the package entries.
  runTool('typescript/bin/tsc', ['-p', 'main/tsconfig.types.json'])
  chmodSync(join(root, 'out/main/cli.js'), 0o755)
  writeFileSync(stamp, hash)
}

function runTool(file, args) {
  const tool = join(root, 'node_modules', file)
  const { status } = spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new SetupError('The build failed, as it says above.')
}

function sourceHash() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((path) => filesUnder(join(root, path))).sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesUnder(join(path, entry.name)))
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}

function npm(args) {
  const running = process.env.npm_execpath
  if (running) return { command: process.execPath, args: [running, ...args] }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args }
}

function readJson(path) {
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null // cut short by an interrupted install: as good as missing
  }
}
