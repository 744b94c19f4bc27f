import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

/** One sentence and nothing else. */
const sentence = /^[^\n]+[.!?:][^\n]*\n$/

describe('the command line', () => {
  it.each([
    [['serv'], "Unknown command 'serv'. Did you mean serve?\n"],
    [['dialects', '--josn'], "Unknown option '--josn'."],
    [['dialects', 'more'], "Too many arguments for 'dialects'."],
    [['connect'], "Missing required argument 'url'.\n"],
    [['connect', 'ws://127.0.0.1:1/'], 'connect: --dialect is missing. Usage: connect URL'],
    [
      ['connect', 'ws://127.0.0.1:1/', '--dialect', 'hybi-99'],
      `connect: --dialect has to be one of ${dialectIds.join(', ')}, not "hybi-99".`,
    ],
    [
      ['connect', 'ws://127.0.0.1:1/', '--dialect', 'rfc6455', '--send-hex', 'zz'],
      'connect: --send-hex is not hex: Line 1 has "z" in "zz", which is not a hex digit. Usage: ',
    ],
    [
      ['connect', 'ws://127.0.0.1:1/', '--dialect', 'rfc6455', '--expect', 'x'],
      'connect: --expect has to be a whole number',
    ],
    [['connect', 'nonsense', '--dialect', 'rfc6455'], ''],
    [
      ['serve', '--dialect', 'rfc6455', '--port', '70000'],
      'serve: --port has to be a whole number from 0 to 65535, not "70000".',
    ],
    [['serve', '--dialect', 'rfc6455', '--port'], "Option '--port <N>' argument missing.\n"],
    [['decode'], 'decode wants a FILE, or bytes with --hex, and one of them only.\n'],
    [['decode', '/nowhere/x.pcapng'], 'Could not open /nowhere/x.pcapng: there is no such file or folder.\n'],
    [['decode', 'x.pcapng', '--open'], 'Leave out --open: a file knows its own, only --hex needs it.\n'],
    [['decode', '--hex', '81'], '--hex needs --lane clientToServer or serverToClient too.\n'],
    [
      ['decode', '--hex', '81', '--lane', 'server'],
      '--hex: Only the request of a client tells the dialect, and it is not among these bytes: say which dialect it is.\n',
    ],
    [
      ['decode', '--hex', '474554', '--lane', 'client'],
      '--hex: The request is not whole, so that it does not tell the dialect: say which dialect it is.\n',
    ],
    [
      ['decode', '--hex', '8g', '--dialect', 'rfc6455', '--lane', 'client'],
      '--hex: What the client sent cannot be read: Line 1 has "g"',
    ],
    [['lab', '--script', '/nowhere/script'], 'Could not read /nowhere/script: there is no such file or folder.\n'],
  ])('wirestep %j fails with one sentence', async (words, error) => {
    const { code, out, err } = await wirestep(words)
    expect(err).toMatch(sentence)
    expect(err.startsWith(error), err).toBe(true)
    expect(code).toBe(1)
    expect(out).toBe('')
  })
  it('prints its version and its help on standard output, and succeeds', async () => {
    expect(await wirestep(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      err: '',
    })
    const help = await wirestep(['--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    for (const name of ['lab', 'serve', 'connect', 'decode', 'dialects']) expect(help.out).toContain(`\n  ${name} `)
  })
  it('helps with one command from the same table as the console', async () => {
    const { out } = await wirestep(['serve', '--help'])
    expect(out).toContain('--port <N>')
    expect(out).toContain('wirestep serve --dialect rfc6455 --port 4502')
  })
  it('helps with one command either way it is asked', async () => {
    const { code, out } = await wirestep(['help', 'serve'])
    expect(code).toBe(0)
    expect(out).toBe((await wirestep(['serve', '--help'])).out)
  })
  it('lists the dialects', async () => {
    expect((await wirestep(['dialects'])).out).toMatch(/hello-00 {2}Upgrade\+Hello .*\n(?:.*\n)*rfc6455 {2}RFC 6455/)
  })
  it('stops without a word when whatever reads its output has read enough', async () => {
    const session = openTerminal()
    const gone = new Writable({
      write: (_part, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    })
    const code = await runProgram(['dialects'], { ...session.terminal, stdout: gone })
    expect(session.err()).toBe('')
    expect(code).toBe(1)
  })
})
