import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

describe('wirestep compare', () => {
  it('prints an aligned table, what was counted, and what differs', async () => {
    const { code, out, err } = await wirestep(['compare', '--dialects', 'hello-00,rfc6455'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n')
    const column = lines[0]!.indexOf('rfc6455')
    expect(lines[0]).toMatch(/^seed 7 +hello-00 +rfc6455$/)
    const text = lines.find((line) => /^ {2}client → server {2}text /.test(line))!
    expect(text.slice(column)).toBe('11 B masked')
    expect(lines.find((line) => line.includes('bytes of proof'))).toMatch(/^\* bytes of proof +44 +0$/)
    expect(out).toContain('hello-00 sends 44 bytes behind the heads')
  })

  it('prints one JSON document with --json', async () => {
    const { out } = await wirestep(['compare', '--dialects', 'hello-00,rfc6455', '--json'])
    const comparison = JSON.parse(out)
    expect(comparison.columns.map(({ dialect }: { dialect: string }) => dialect)).toEqual(['hello-00', 'rfc6455'])
    expect(comparison.phases[0].rows[0].cells).toHaveLength(2)
  })

  it('takes the scenario from standard input, in the grammar of the console', async () => {
    const words = ['compare', '--dialects', 'hello-00,rfc6455', '--script', '-']
    const { out } = await wirestep(words, '# once\nsend server hex 00ff\nrun\n')
    expect(out).toContain('send server hex 00ff')
    expect(out).toMatch(/server → client {2}binary +4 B +4 B/)
  })

  it('says what a dialect lacks in the place of its bytes', async () => {
    const { code, out } = await wirestep(
      ['compare', '--dialects', 'hello-00,rfc6455', '--script', '-'],
      'close client 1000',
    )
    expect(code).toBe(0)
    expect(out).toMatch(/close client 1000 +not in this dialect +\d+ B/)
  })

  it('says why an end refuses, and in which dialects', async () => {
    const words = ['compare', '--dialects', 'hello-00,rfc6455', '--script', '-']
    const { out } = await wirestep(words, 'close client\nsend client text x\n')
    expect(out).toMatch(/^send client text x +refused +refused$/m)
    expect(out).toContain('“send client text x” is refused in hello-00 and rfc6455: The client cannot send now')
  })

  it('shortens what a line of the scenario says to what it takes to know it again', async () => {
    const words = ['compare', '--dialects', 'hello-00,rfc6455', '--script', '-']
    const { out } = await wirestep(words, `send client text ${'x'.repeat(70_000)}`)
    expect(out).toMatch(/^send client text x+… +70010 B +70014 B$/m)
    expect(out).toMatch(/^“send client text x+…” takes 70010 bytes in hello-00/m)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(300)
  })

  it('knows which first byte behind a head is of chance, and rules nothing out by it', async () => {
    const { out } = await wirestep(['compare', '--dialects', 'hixie-75,hybi-03,hybi-04,rfc6455'])
    expect(out).toMatch(/first byte behind the client’s head +0x00, begins no request +0x[0-9a-f]{2} by chance {2}/)
    expect(out).toMatch(
      /Behind the client’s head, .* in hybi-03 \(0x.. by chance\) and hybi-04 \(0x.. by chance\); in hixie-75 and rfc6455 the first byte rules that out\./,
    )
  })

  it('cuts the table to the width of the terminal, the lines in front of each part', async () => {
    const session = openTerminal()
    const stdout = Object.assign(session.terminal.stdout, { columns: 110 })
    expect(await runProgram(['compare'], { ...session.terminal, stdout })).toBe(0)
    const table = session.out().split('\n* differs')[0]!
    expect(table.split('\n').filter((line) => line.length > 110)).toEqual([])
    const heads = [...table.matchAll(/^seed 7 +(.*)$/gm)].flatMap(([, names]) => names!.split(/ +/))
    expect(heads).toEqual(dialects.map(({ id }) => id))
  })

  it.each([
    ['rfc6455', 'has 1: a comparison wants 2 to 10 dialects'],
    ['rfc6455,rfc6455', 'has rfc6455 twice'],
    ['rfc6455,hello', '"hello"'],
  ])('refuses --dialects %s', async (dialects, says) => {
    const { code, err } = await wirestep(['compare', '--dialects', dialects])
    expect(code).toBe(1)
    expect(err).toContain(says)
  })

  it('names the line of a script that is wrong', async () => {
    const { code, err } = await wirestep(
      ['compare', '--dialects', 'hello-00,rfc6455', '--script', '-'],
      'ping client\nstep unit',
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^Line 2: step unit is not for a comparison/)
  })
})
