// The package as somebody gets it who installs it: what `npm pack` packs, with nothing beside it but its own
// dependencies. The examples of docs/ run in it, and print what docs/ says they print.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build, buildIsStale } from '../../scripts/setup.mjs'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'wirestep-package-'))
const modules = join(folder, 'node_modules')
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

beforeAll(() => {
  if (buildIsStale()) build()
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  execFileSync('tar', ['-xzf', tarball!], { cwd: folder })
  cpSync(join(folder, 'package'), join(modules, 'wirestep'), { recursive: true })
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) link(name)
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function link(name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

function blocks(page: string, pattern: RegExp): RegExpExecArray[] {
  return [...readFileSync(join(root, 'docs', page), 'utf8').matchAll(pattern)]
}

const examples = ['services.md', 'client.md'].flatMap((page) =>
  blocks(page, /```js\n(?<code>.*?)```\n\nIt prints:\n\n```text\n(?<printed>.*?)```/gs).map(({ groups }, index) => ({
    name: `${page.replace('.md', '')}-${index + 1}.mjs`,
    code: groups!['code']!,
    printed: groups!['printed']!,
  })),
)

describe('the packed package', () => {
  it('has an example for each that runs in docs/', () => {
    expect(examples.map(({ name }) => name)).toEqual(['services-1.mjs', 'services-2.mjs', 'client-1.mjs'])
  })

  it.each(examples)('runs $name of docs/, which prints what it says there', async ({ name, code, printed }) => {
    writeFileSync(join(folder, name), code)
    const { stdout, stderr } = await run(process.execPath, [name], { cwd: folder, timeout: 25_000 })
    expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: '' })
  })

  it.each(['nodenext', 'bundler'])('has types that TypeScript reads, resolving as %s', async (moduleResolution) => {
    const [service] = blocks('services.md', /```ts\n(?<code>.*?)```/gs)
    writeFileSync(join(folder, 'service.mts'), service!.groups!['code']!)
    writeFileSync(join(folder, 'client.mts'), typed)
    const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2022', types: ['node'] },
      module,
      moduleResolution,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const told = await run(process.execPath, [tsc, '-p', folder]).catch(({ stdout }: { stdout: string }) => ({
      stdout,
    }))
    expect(told.stdout).toBe('')
  })

  it('shows nothing that is not an entry', async () => {
    writeFileSync(join(folder, 'inside.mjs'), "await import('wirestep/out/main/cli.js')")
    await expect(run(process.execPath, ['inside.mjs'], { cwd: folder })).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    )
  })
})

const typed = `
import { type DraftCloseEvent, WebSocketDraft } from 'wirestep/client'

const socket: WebSocketDraft = new WebSocketDraft('ws://127.0.0.1:9/', { dialect: 'hybi-03' })
socket.onmessage = ({ data }) => console.log(typeof data === 'string' ? data.length : data)
socket.addEventListener('close', (event) => tell(event), { once: true })
socket.send(Uint8Array.of(1))
const open: 1 = WebSocketDraft.OPEN
function tell({ code, wasClean }: DraftCloseEvent): void {
  console.log(code.toFixed(), wasClean, open)
}
// @ts-expect-error there is no such dialect
new WebSocketDraft('ws://127.0.0.1:9/', { dialect: 'hybi-99' })
// @ts-expect-error a number is no message
socket.send(7)
`
