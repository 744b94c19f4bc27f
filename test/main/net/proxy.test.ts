import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dialVia, readProxyUrl } from '../../../main/net/proxy.ts'
import type { Address } from '../../../shared/capture/record.ts'
import { quiet, readBytes } from './sockets.ts'

const target: Address = { host: '::1', port: 99 }

/** A proxy that does `answer` when it has the request; `asked` tells what that was. */
async function proxyThat(answer: (socket: Socket) => void): Promise<{ address: Address; asked: () => string }> {
  let request = ''
  const server = createServer((socket) => {
    quiet(socket).once('data', (bytes) => {
      request = bytes.toString()
      answer(socket)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, asked: () => request }
}

async function dialThrough(address: Address) {
  const sockets = new Set<Socket>()
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
  return dialVia(address, target, sockets)
}

describe('dialling through an HTTP proxy', () => {
  it('asks by CONNECT, and leaves what comes behind the answer to be read', async () => {
    const { address, asked } = await proxyThat((socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nfirst ')
      socket.on('data', (bytes) => socket.write(bytes))
    })
    const dialled = await dialThrough(address)
    expect(asked()).toBe('CONNECT [::1]:99 HTTP/1.1\r\nHost: [::1]:99\r\n\r\n')
    if (!dialled.ok) throw new Error(dialled.error)
    dialled.value.write('then')
    expect((await readBytes(dialled.value, 10)).toString()).toBe('first then')
  })

  it('takes an answer that comes byte by byte', async () => {
    const { address } = await proxyThat(async (socket) => {
      for (const letter of 'HTTP/1.1 200 OK\r\n\r\nhi') {
        socket.write(letter)
        await new Promise(setImmediate)
      }
    })
    const dialled = await dialThrough(address)
    if (!dialled.ok) throw new Error(dialled.error)
    expect((await readBytes(dialled.value, 2)).toString()).toBe('hi')
  })

  it.each([
    ['refuses', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'answers 403 and does not let us through to [::1]:99.'],
    ['speaks no HTTP', 'SSH-2.0-x\r\n\r\n', 'does not answer in HTTP: check that it is an HTTP proxy.'],
    ['ends at once', '', 'ended the connection before it answered: check that it is an HTTP proxy.'],
    [
      'never ends its head',
      'x'.repeat(20_000),
      'answers with more than 16384 bytes of head: check that it is an HTTP proxy.',
    ],
  ])('says so when the proxy %s', async (_name, answer, why) => {
    const { address } = await proxyThat((socket) => socket.end(answer))
    expect(await dialThrough(address)).toEqual({ ok: false, error: `The proxy 127.0.0.1:${address.port} ${why}` })
  })

  it('says that the proxy cannot be reached', async () => {
    expect(await dialThrough({ host: '127.0.0.1', port: 1 })).toEqual({
      ok: false,
      error:
        'The proxy cannot be reached. Nothing listens on 127.0.0.1:1; start the server there or check the address.',
    })
  })

  it('reads the address of a proxy', () => {
    expect(readProxyUrl('http://127.0.0.1:3128')).toEqual({ ok: true, value: { host: '127.0.0.1', port: 3128 } })
    expect(readProxyUrl('http://[::1]/')).toEqual({ ok: true, value: { host: '::1', port: 80 } })
    for (const text of ['127.0.0.1:3128', 'https://127.0.0.1/', 'http://me:secret@127.0.0.1/', '']) {
      expect(readProxyUrl(text).ok).toBe(false)
    }
  })
})
