// `npm run bench`: measures what test/bench/ describes and prints one table; `-- --write` also writes docs/benchmarks.md.
// Words after it choose benchmarks by name: `npm run bench -- scan relay`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveBrowser } from './browser.mjs'
import { displayAdvice, displayFor } from './display.mjs'
import { findElectron } from './electron.mjs'
import { orExplain, root, SetupError, setup } from './setup.mjs'

const columns = { name: 'measured', ours: 'Wirestep', peer: 'peer', ratio: 'ratio', aim: 'aim', reached: 'reached' }

function readArguments() {
  const words = process.argv.slice(2)
  const write = words.includes('--write')
  const chosen = words.filter((word) => word !== '--write')
  const unknown = chosen.find((word) => word.startsWith('-'))
  if (unknown)
    throw new SetupError(`${unknown} is no option: there is --write, and names of benchmarks to choose some.`)
  if (write && chosen.length > 0) throw new SetupError('--write takes the whole benchmark: leave the names out.')
  return { write, chosen }
}

/** Electron where it can run, else a Chromium. */
async function findWindow() {
  const electron = findElectron({ from: join(root, 'package.json'), download: true })
  const display = displayFor()
  if (electron.ok && display) {
    return { display, env: { WIRESTEP_ELECTRON: electron.path }, name: `Electron ${electron.version}` }
  }
  console.log(`The window is measured in Chromium: ${electron.ok ? displayAdvice : electron.reason}.`)
  return { display: [], env: { WIRESTEP_CHROMIUM: await resolveBrowser() }, name: 'Chromium, without Electron' }
}

/** Runs the benchmarks; answers whether they ran to their end, and the lines of their report. */
function measure(chosen, { display, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-bench-'))
  const file = join(folder, 'report.jsonl')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const run = [process.execPath, vitest, 'run', '-c', join('test', 'bench', 'vitest.config.ts'), ...chosen]
  const [command, ...args] = [...display, ...run]
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, WIRESTEP_BENCH_REPORT: file },
  })
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  rmSync(folder, { recursive: true })
  return {
    ok: status === 0,
    sections: sectionsOf(
      text
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ),
  }
}

function sectionsOf(lines) {
  const sections = []
  for (const { kind, ...line } of lines) {
    if (kind === 'section') sections.push({ ...line, rows: [] })
    else sections.at(-1).rows.push(line)
  }
  return sections
}

/** The columns that have anything to say about these rows, heading first. */
function cellsOf(rows) {
  const keys = Object.keys(columns).filter((key) => rows.some((row) => row[key] !== ''))
  return [columns, ...rows].map((row) => keys.map((key) => row[key]))
}

function print(sections) {
  const table = cellsOf(sections.flatMap(({ rows }) => rows))
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  console.log()
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

function markdown(rows) {
  const [heading, ...body] = cellsOf(rows)
  return [heading, heading.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function page(sections, windowName) {
  const machine = `Node ${process.version}, ${windowName}, ${availableParallelism()} CPUs, ${process.platform} ${process.arch}`
  const parts = sections.map(({ title, says, rows }) => `## ${title}\n\n${says}\n\n${markdown(rows)}\n`)
  return `# Benchmarks

Made by \`npm run bench -- --write\`, from \`test/bench/\`, on ${machine}.

Ours and the peer take turns in the same run, after a warm-up. A ratio is ours over the peer's: the median over the
pairs, and the least and the greatest. Absolute figures are medians and belong to the machine; the ratios travel better.

${parts.join('\n')}`
}

await orExplain(async () => {
  const { write, chosen } = readArguments()
  setup()
  const window = await findWindow()
  const { ok, sections } = measure(chosen, window)
  if (sections.length > 0) print(sections)
  if (!ok) throw new SetupError('Not every benchmark ran to its end, as it says above.')
  if (write) writeFileSync(join(root, 'docs', 'benchmarks.md'), page(sections, window.name))
})
