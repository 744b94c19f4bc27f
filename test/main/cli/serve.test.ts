import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { runProgram } from '../../../main/cli/program.ts'
import { openTerminal } from './fakeTerminal.ts'

/** What the server says to a client that comes from `origin`: `open`, or the status it is turned away with. */
async function outcome(url: string, origin?: string): Promise<{ readonly said: 'open' | number; leave(): void }> {
  const socket = new WebSocket(url, { ...(origin && { origin }) })
  const opened = once(socket, 'open').then(() => 'open' as const)
  const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode as number)
  return { said: await Promise.race([opened, refused]), leave: () => socket.terminate() }
}

describe('serve', () => {
  it('lets in only the origins it is told, and no more connections than it is told', async () => {
    const { terminal, line, interrupt } = openTerminal()
    const options = ['--origin', 'http://a.example', '--origin', 'http://b.example', '--max-connections', '2']
    const words = ['serve', '--dialect', 'rfc6455', '--port', '0', '--json', ...options]
    const served = runProgram(words, terminal)
    const { url } = JSON.parse(await line((each) => each.includes('"listening"')))
    const guests = []
    for (const origin of ['http://a.example', 'http://c.example', 'http://b.example', undefined]) {
      guests.push(await outcome(url, origin))
    }
    expect(guests.map(({ said }) => said)).toEqual(['open', 403, 'open', 503])
    for (const { leave } of guests) leave()
    interrupt()
    expect(await served).toBe(0)
  })
})
