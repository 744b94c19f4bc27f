// Recorded ends against other people's: `ws` 8 as the living server and as the living client.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type PerMessageDeflateOptions, type ServerOptions, WebSocket, WebSocketServer } from 'ws'
import { runProgram } from '../../main/cli/program.ts'
import { openTerminal, wirestep } from '../main/cli/fakeTerminal.ts'
import { newFile } from '../main/replay/sessions.ts'

/** An echo of `ws` until the test ends, which speaks `chat`; `change` is what it makes of a message. */
async function wsEcho(options: ServerOptions = {}, change = (text: string) => text): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'chat', ...options })
  server.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(isBinary ? data : change(String(data)), { binary: isBinary })),
  )
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Says a few things to a server through a tap, as a client of `ws`; answers what came back. */
async function converse(url: string, perMessageDeflate: boolean | PerMessageDeflateOptions): Promise<string[]> {
  const socket = new WebSocket(url, ['chat'], { perMessageDeflate })
  await once(socket, 'open')
  const came: string[] = []
  const texts = ['hello', 'long '.repeat(2000), 'hello again and again and again', 'ž'.repeat(50)]
  for (const text of texts) {
    socket.send(text)
    const [data] = await once(socket, 'message')
    came.push(String(data))
  }
  socket.ping('there?')
  expect(String((await once(socket, 'pong'))[0])).toBe('there?')
  socket.close(1000, 'done')
  await once(socket, 'close')
  return came
}

/** The conversation above, recorded by a tap; answers the file. */
async function recordTapped(deflate: boolean): Promise<string> {
  const path = newFile()
  const session = openTerminal()
  const upstream = `${await wsEcho({ perMessageDeflate: deflate })}/`
  const words = ['tap', '--listen', '0', '--upstream', upstream, '--record', path, '--json']
  const stopped = runProgram(words, session.terminal)
  const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  await converse(url, deflate)
  session.interrupt()
  await stopped
  return path
}

const bothWays = { serverNoContextTakeover: true, clientNoContextTakeover: true }

describe.each([false, true])('a session between two ends of ws, compressed: %s', (deflate) => {
  it('goes the same way again with its client played to a server of ws', async () => {
    const file = await recordTapped(deflate)
    const ran = await wirestep(['replay', file, '--to', await wsEcho({ perMessageDeflate: deflate })])
    expect(ran).toEqual({
      code: 0,
      err: '',
      out: expect.stringMatching(/^open\nas recorded: \d+ things the server said\n$/),
    })
  })

  it('goes the same way again with its server played to a client of ws', async () => {
    const session = openTerminal()
    const words = ['replay', await recordTapped(deflate), '--listen', '0', '--json']
    const code = runProgram(words, session.terminal)
    const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
    await converse(url, deflate)
    expect({ code: await code, out: session.out() }).toEqual({ code: 0, out: expect.stringContaining('"same":true') })
  })

  it('tells the one message that a server of ws answers otherwise', async () => {
    const change = (text: string) => text.replace('again and', 'again or')
    const file = await recordTapped(deflate)
    const { code, out } = await wirestep(['replay', file, '--to', await wsEcho({ perMessageDeflate: deflate }, change)])
    expect({ code, lines: out.split('\n').slice(1, -2) }).toEqual({
      code: 1,
      lines: [
        'server → client  text "hello again and again and again": differs from byte 12 on: 6f, was 61; 30 bytes, was 31',
      ],
    })
  })
})

it('plays a compressed session to a server of ws that agrees on less, message for message', async () => {
  const file = await recordTapped(true)
  const { code, out } = await wirestep(['replay', file, '--to', await wsEcho({ perMessageDeflate: bothWays })])
  expect({ code, differences: out.split('\n').slice(1, -2) }).toEqual({
    code: 1,
    differences: [
      expect.stringMatching(/^server → client {2}response 101.*: extensions permessage-deflate; .*takeover/),
    ],
  })
})
