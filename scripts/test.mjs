// `npm test`: everything CI checks, in one run. Each stage prints its own output; the last line counts them all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { resolveBrowser } from './browser.mjs'
import { displayAdvice, displayFor } from './display.mjs'
import { findElectron } from './electron.mjs'
import { orExplain, root, setup } from './setup.mjs'

const results = join(root, 'test-results')
const total = { passed: 0, failed: 0, skipped: 0 }

function bin(packageName, file) {
  return join(root, 'node_modules', packageName, file)
}

function node(args, env = {}) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return status === 0
}

/** A stage that either holds or does not. */
function check(name, args) {
  console.log(`\n== ${name}`)
  if (node(args)) total.passed += 1
  else total.failed += 1
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Adds a runner's counts. A runner that failed without naming a failed test counts as one failure. */
function count(ok, passed, failed, skipped) {
  total.passed += passed
  total.failed += failed === 0 && !ok ? 1 : failed
  total.skipped += skipped
}

function unit() {
  console.log('\n== unit and interop tests')
  const file = join(results, 'unit.json')
  const ok = node([
    bin('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = readReport(file)
  if (!report) return count(false, 0, 1, 0)
  count(
    ok,
    report.numPassedTests,
    report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
    report.numPendingTests + report.numTodoTests,
  )
}

function endToEnd(project, env, display = []) {
  console.log(`\n== end-to-end tests: ${project}`)
  const file = join(results, `${project}.json`)
  const config = join('test', 'e2e', 'playwright.config.ts')
  const args = [bin('@playwright/test', 'cli.js'), 'test', '-c', config, `--project=${project}`]
  const [command, ...rest] = [...display, process.execPath, ...args]
  const { status } = spawnSync(command, rest, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  })
  const stats = readReport(file)?.stats
  if (!stats) return count(false, 0, 1, 0)
  count(status === 0, stats.expected + stats.flaky, stats.unexpected, stats.skipped)
}

function skipDesktop(why) {
  console.log(`\n== end-to-end tests: desktop\nskipped: ${why}`)
  total.skipped += 1
}

function desktop() {
  const electron = findElectron({ from: join(root, 'package.json'), download: true })
  if (!electron.ok) return skipDesktop(`no Electron runtime: ${electron.reason}`)
  const display = displayFor()
  if (!display) return skipDesktop(displayAdvice)
  endToEnd('desktop', { WIRESTEP_ELECTRON: electron.path }, display)
}

async function main() {
  setup()
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  for (const layer of ['shared', 'main', 'renderer', 'test']) {
    check(`types: ${layer}`, [bin('typescript', join('bin', 'tsc')), '-p', join(layer, 'tsconfig.json')])
  }
  check('lint', [bin('@biomejs/biome', join('bin', 'biome')), 'check', '--error-on-warnings', '.'])
  unit()
  const browser = await resolveBrowser()
  endToEnd('browser', { WIRESTEP_CHROMIUM: browser })
  desktop()
}

process.exitCode = 0
await orExplain(main)
if (process.exitCode !== 0) total.failed += 1
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0
