import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { wirestep } from './fakeTerminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-lab-'))

const whole = [
  '# both handshakes',
  '',
  'step unit 4',
  'send client text hello',
  'step unit',
  'send server text hi',
  'step unit',
  'close server',
  'run',
  'show states',
]

describe('wirestep lab', () => {
  it('follows a script through both handshakes, a message and the close, and prints what happened', async () => {
    const { code, out, err } = await wirestep(
      ['lab', '--dialect', 'hello-00', '--seed', '7', '--script', '-'],
      whole.join('\n'),
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n')
    expect(lines[0]).toBe('hello-00  ws://127.0.0.1:4502/demo, seed 7, both ends in process, lanes held')
    expect(out).toMatch(/^client → server {2}GET \/demo {2}.*\d+ B .*server: AWAITING_REQUEST → /m)
    expect(out).toMatch(
      /^server → client {2}101 Switching Protocols .*client: AWAITING_RESPONSE → AWAITING_SERVER_HELLO/m,
    )
    expect(out).toMatch(/^server → client {2}Hello {2}.*26 B {3}client: AWAITING_SERVER_HELLO → OPEN/m)
    expect(out).toMatch(/^client → server {2}Hello {2}.*18 B {3}server: AWAITING_CLIENT_HELLO → OPEN/m)
    expect(out).toMatch(/^client → server {2}text {2}"hello" {2}7 B/m)
    expect(lines.slice(-3)).toEqual(['client: CLOSED', 'server: CLOSED', ''])
  })
  it('prints the same for the same seed', async () => {
    const script = ['step unit 4', 'show bytes'].join('\n')
    const one = await wirestep(['lab', 'rfc6455', '--seed', '7'], script)
    const other = await wirestep(['lab', 'rfc6455', '--seed', '7'], script)
    expect(one.out).toBe(other.out)
    expect(one.out).toContain('Sec-')
  })
  it('stops at the first line that fails, and says which', async () => {
    const { code, out, err } = await wirestep(['lab'], 'step unit\nstepp\nstep unit')
    expect({ code, err }).toEqual({ code: 1, err: 'Line 2: There is no command stepp: did you mean step unit?\n' })
    expect(out).toContain('GET /demo')
    expect(out).not.toContain('101 Switching Protocols')
  })
  it('ends at exit, as at the prompt', async () => {
    const { code, out } = await wirestep(['lab'], 'exit\nstepp')
    expect(code).toBe(0)
    expect(out.split('\n')).toHaveLength(2)
  })
  it('records to the file it is given, which decodes again', async () => {
    const path = join(folder, 'recorded.pcapng')
    expect((await wirestep(['lab', '--seed', '7', '--record', path], whole.join('\n'))).code).toBe(0)
    const { code, out, err } = await wirestep(['decode', path])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ lane, kind, opcodeName }) => `${lane} ${opcodeName ?? kind}`)).toEqual([
      'clientToServer request',
      'serverToClient response',
      'serverToClient hello',
      'clientToServer hello',
      'clientToServer text',
      'serverToClient text',
      'serverToClient close',
      'clientToServer close',
    ])
    for (const { connection, dialect, time, faults } of lines) {
      expect({ connection, dialect, faults }).toEqual({ connection: 1, dialect: 'hello-00', faults: [] })
      expect(time).toBeGreaterThan(Date.parse('2020-01-01'))
    }
    const summary = (await wirestep(['decode', path, '--summary'])).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(summary).toEqual([
      { connection: 1, lane: 'clientToServer', kinds: { request: 1, frame: 3 }, faults: {} },
      { connection: 1, lane: 'serverToClient', kinds: { response: 1, frame: 3 }, faults: {} },
    ])
  })
  it('never records over a file that is there', async () => {
    const path = join(folder, 'mine.pcapng')
    writeFileSync(path, 'mine')
    expect(await wirestep(['lab', '--record', path], 'step unit')).toMatchObject({
      code: 1,
      out: '',
      err: `Could not record to ${path}: it exists already; choose another name.\n`,
    })
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })
  it('decodes what the gate still held as not complete, and a cut file up to the cut', async () => {
    const path = join(folder, 'held.pcapng')
    await wirestep(['lab', '--seed', '7', '--record', path], 'step byte 10')
    const held = await wirestep(['decode', path])
    expect(JSON.parse(held.out)).toMatchObject({ kind: 'request', start: 0, complete: false })
    const cut = join(folder, 'cut.pcapng')
    writeFileSync(cut, readFileSync(path).subarray(0, -3))
    const { code, err } = await wirestep(['decode', cut])
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`^${cut}: .+\\n$`))
  })
})
