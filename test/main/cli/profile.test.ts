// `--profile prototype-2010` in the terminal: every restriction refused in one plain text, on standard error.
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { connectionRefusal, messageRefusal, refusal } from '../../../shared/profile/prototype2010.ts'
import { freePrototypePort } from '../profile.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

const keeping = ['--profile', 'prototype-2010'] as const

describe('with the profile', () => {
  it.each([
    [['serve', '--dialect', 'hello-00', '--port', '8080'], refusal('ports', 'Port 8080')],
    [['serve', '--dialect', 'hello-00', '--port', '4502', '--tls'], refusal('tls', 'wss:')],
    [['connect', 'ws://127.0.0.1:8080/', '--dialect', 'hello-00'], refusal('ports', 'Port 8080')],
    [['connect', 'wss://127.0.0.1:4502/', '--dialect', 'hello-00'], refusal('tls', 'wss:')],
    [
      ['connect', 'ws://127.0.0.1:4502/', '--dialect', 'hello-00', '--proxy', 'http://127.0.0.1:3128'],
      refusal('proxies', 'A proxy'),
    ],
    [['tap', '--listen', '8080', '--upstream', 'ws://127.0.0.1:4502/'], refusal('ports', 'Port 8080')],
    [['tap', '--listen', '4503'], refusal('proxies', 'A proxy')],
    [['lab', 'hello-00', '--url', 'ws://127.0.0.1:8080/', '--script', '-'], refusal('ports', 'Port 8080')],
  ])('%j is refused', async (words, says) => {
    const { code, out, err } = await wirestep([...words, ...keeping], 'run')
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `${says}\n` })
  })

  it('a lab refuses a message of 126 bytes, and names the line', async () => {
    const long = 'x'.repeat(126)
    const script = ['run', `send client text ${long}`].join('\n')
    const { code, err } = await wirestep(['lab', 'hello-00', '--script', '-', ...keeping], script)
    expect({ code, err }).toEqual({ code: 1, err: `Line 2: ${messageRefusal('prototype-2010', 'text', 126)}\n` })
  })

  it('a server has five clients; what the sixth is told of is a line of its own', async () => {
    const port = String(await freePrototypePort())
    const server = openTerminal()
    const serving = runProgram(
      ['serve', '--dialect', 'hello-00', '--port', port, '--json', ...keeping],
      server.terminal,
    )
    await server.line((line) => line.includes('listening'))
    const clients = Array.from({ length: 5 }, () => openTerminal())
    const url = `ws://127.0.0.1:${port}/`
    const connecting = clients.map(async ({ terminal, line }) => {
      const done = runProgram(['connect', url, '--dialect', 'hello-00', '--json', ...keeping], terminal)
      await line((text) => text.includes('"open"'))
      return { done }
    })
    const open = await Promise.all(connecting)
    const sixth = await wirestep(['connect', url, '--dialect', 'hello-00', ...keeping])
    expect(sixth.code).toBe(1)
    expect(await server.line((line) => line.includes('refused'))).toBe(
      JSON.stringify({ connection: 6, event: 'refused', says: connectionRefusal('prototype-2010', 5) }),
    )
    for (const client of clients) client.interrupt()
    await Promise.all(open.map(({ done }) => done))
    server.interrupt()
    await serving
  })
})
