import { describe, expect, it } from 'vitest'
import { wirestep } from './fakeTerminal.ts'

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
