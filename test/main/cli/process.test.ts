// The built program as its own process: what only a real process can show.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { build, buildIsStale } from '../../../scripts/setup.mjs'

const cli = resolve(import.meta.dirname, '../../../out/main/cli.js')
const folder = mkdtempSync(join(tmpdir(), 'wirestep-process-'))

beforeAll(() => {
  if (buildIsStale()) build()
}, 120_000)

function start(words: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [cli, ...words], {
    env: { ...process.env, WIRESTEP_DATA: folder, BROWSER: 'none', ...env },
  })
}

async function lineOf(child: ChildProcess, matches: (line: string) => boolean): Promise<string> {
  const lines = createInterface({ input: child.stdout! })
  for await (const line of lines) if (matches(line)) return line
  throw new Error('the program ended first')
}

async function end(child: ChildProcess): Promise<{ readonly code: number | null; readonly err: string }> {
  let err = ''
  child.stderr!.on('data', (part) => {
    err += part
  })
  child.stdout!.resume()
  const [code] = await once(child, 'close')
  return { code, err }
}

describe('wirestep as a process', () => {
  it('can be run by itself', async () => {
    expect(readFileSync(cli, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
    const child = spawn(cli, ['dialects'])
    expect(await end(child)).toEqual({ code: 0, err: '' })
  })
  it('serve stops at Ctrl+C with exit code 0, its recording whole', async () => {
    const path = join(folder, 'served.pcapng')
    const child = start(['serve', '--dialect', 'rfc6455', '--port', '0', '--json', '--record', path])
    const { url } = JSON.parse(await lineOf(child, (line) => line.includes('listening')))
    const socket = new WebSocket(url)
    await once(socket, 'open')
    socket.send('hello')
    await once(socket, 'message')
    child.kill('SIGINT')
    const [closeCode] = await once(socket, 'close')
    expect(closeCode).toBe(1001) // the server goes down
    expect(await end(child)).toEqual({ code: 0, err: '' })
    const decoded = start(['decode', path, '--summary'])
    expect(JSON.parse(await lineOf(decoded, () => true))).toEqual({
      connection: 1,
      lane: 'clientToServer',
      kinds: { request: 1, frame: 2 },
      faults: {},
    })
  })
  it('lab follows standard input, its recording whole', async () => {
    const path = join(folder, 'lab.pcapng')
    const child = start(['lab', '--seed', '7', '--record', path])
    child.stdin!.end('step unit\n')
    expect(await end(child)).toEqual({ code: 0, err: '' })
    const decoded = start(['decode', path])
    expect(JSON.parse(await lineOf(decoded, () => true))).toMatchObject({ kind: 'request', faults: [] })
  })
  it('opens no window on a file that cannot be read', async () => {
    const missing = start(['open', join(folder, 'missing.pcapng')])
    expect(await end(missing)).toEqual({
      code: 1,
      err: `Could not open ${join(folder, 'missing.pcapng')}: there is no such file or folder.\n`,
    })
    const keyless = start(['open', cli, '--keylog', folder])
    expect(await end(keyless)).toEqual({ code: 1, err: `Could not open ${folder}: it is not a file.\n` })
  })
  it('stops without a word when its reader has read enough', async () => {
    const child = start(['lab', '--script', '-'])
    child.stdout!.destroy()
    child.stdin!.end('show ladder\n'.repeat(50))
    let err = ''
    child.stderr!.on('data', (part) => {
      err += part
    })
    const [code] = await once(child, 'close')
    expect({ code, err }).toEqual({ code: 1, err: '' })
  })
  it('serves the window to a browser when told to, says why, and stops at Ctrl+C', async () => {
    const child = start([], { WIRESTEP_HOST: 'browser' })
    const url = await lineOf(child, (line) => line.startsWith('http'))
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
    const page = await fetch(url, { redirect: 'manual' })
    expect(page.status).toBe(303)
    child.kill('SIGINT')
    expect(await end(child)).toEqual({ code: 0, err: '' })
  })
  it('refuses a host that is none', async () => {
    const child = start([], { WIRESTEP_HOST: 'kitchen' })
    expect(await end(child)).toEqual({
      code: 1,
      err: 'WIRESTEP_HOST is "kitchen": set it to desktop or browser, or leave it out.\n',
    })
  })
})
