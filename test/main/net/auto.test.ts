// A server that speaks what each client speaks, told from its request.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { connectEndpoint } from '../../../main/net/client.ts'
import { echo } from '../../../main/services/echo.ts'
import { hostService } from '../../../main/services/hostService.ts'
import { decodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { detectionSentence, versionsOf } from '../../../shared/endpoint/detect.ts'
import { conversations } from '../../shared/capture/logs.ts'
import { openTerminal } from '../cli/fakeTerminal.ts'
import { must } from '../lab/labs.ts'
import { until } from './sockets.ts'

async function serveAuto() {
  const told: string[] = []
  const capture = createCapture(createMemoryStore())
  const server = must(
    await hostService(echo, {
      dialect: 'auto',
      record: capture,
      onEvent: (connection, event) => told.push(`${connection} ${event.kind}`),
      onDialect: (connection, detection) => told.push(`${connection} ${detectionSentence(detection)}`),
      onProblem: (sentence) => told.push(sentence),
    }),
  )
  onTestFinished(() => server.close())
  return { server, told, capture }
}

async function dial({ port, host }: { readonly port: number; readonly host: string }): Promise<Socket> {
  const socket = connect({ port, host, noDelay: true })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** All that comes until the other side ends its half. */
async function readAll(socket: Socket): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('latin1')
}

describe('a server in auto', () => {
  it('serves clients of every dialect at one port, and its recording tells each', async () => {
    const { server, told, capture } = await serveAuto()
    for (const id of dialectIds) {
      const texts: string[] = []
      const client = must(
        await connectEndpoint({
          ...{ url: `${server.url}chat`, dialect: dialectById(id), origin: 'http://example.com' },
          onEvent: (event) => {
            if (event.kind === 'message' && event.type === 'text') texts.push(decodeUtf8(event.bytes))
          },
        }),
      )
      await until(() => client.state === 'OPEN')
      must(client.act({ kind: 'sendText', text: id }))
      await until(() => texts.length === 1)
      expect(texts).toEqual([id])
      must(client.act({ kind: 'close' }))
      await client.closed
    }
    expect(capture.connections.map(({ opened, dialect }) => [opened.dialect, dialect.id])).toEqual(
      dialectIds.map((id) => [undefined, id]),
    )
    const firsts = dialectIds.map((_, index) => told.find((line) => line.startsWith(`${index + 1} `)))
    expect(firsts.map((line) => line?.split(': ').at(-1))).toEqual(dialectIds.map((id) => `${id}.`))
  })

  it.each(dialectIds)('does not care how the request of %s is cut, nor what comes with its last byte', async (id) => {
    const { server, told } = await serveAuto()
    const socket = await dial(server.address)
    const bytes = conversations[id].clientToServer
    for (const byte of bytes.subarray(0, 100)) socket.write(Uint8Array.of(byte))
    socket.write(bytes.subarray(100))
    await until(() => told.length > 0)
    expect(told[0]).toMatch(new RegExp(`: ${id}\\.$`))
  })

  it('answers 426 to a version that no dialect has, and lists all that are spoken', async () => {
    const { server, told } = await serveAuto()
    const socket = await dial(server.address)
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
    const fields = ['Host: a', 'Upgrade: websocket', 'Connection: Upgrade', key, 'Sec-WebSocket-Version: 99']
    socket.write(`GET / HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`)
    const answer = await readAll(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
    expect(answer).toContain(`\r\nSec-WebSocket-Version: ${versionsOf().join(', ')}\r\n`)
    expect(told[0]).toMatch(/^1 No dialect explains this request \(Sec-WebSocket-Version is 99, /)
  })

  it('answers 400 to a request that no dialect explains', async () => {
    const { server, told } = await serveAuto()
    const socket = await dial(server.address)
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(told[0]).toMatch(/^1 No dialect explains this request \(an ordinary HTTP request/)
  })

  it('answers 400 to what is no request at all', async () => {
    const { server } = await serveAuto()
    const socket = await dial(server.address)
    socket.write('\x16\x03\x01')
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  })

  it('is to be had on the command line, where it tells the dialect before anything else of a connection', async () => {
    const session = openTerminal()
    const done = runProgram(['serve', '--dialect', 'auto', '--port', '0', '--json'], session.terminal)
    const { host, port } = JSON.parse(await session.line((line) => line.includes('"listening"')))
    const socket = await dial({ host, port })
    socket.write(conversations['hello-00'].clientToServer)
    const line = JSON.parse(await session.line((text) => text.includes('"connection"')))
    expect(line).toMatchObject({ connection: 1, event: 'dialect', dialect: 'hello-00' })
    expect(line.evidence).toEqual([
      {
        start: expect.any(Number),
        end: expect.any(Number),
        says: 'Sec-WebSocket-Nonce present, Sec-WebSocket-Version absent',
      },
    ])
    session.interrupt()
    expect(await done).toBe(0)
  })
})
