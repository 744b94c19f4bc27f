import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Relay, type RelayOptions, startRelay } from '../../../main/net/relay.ts'
import type { Address, Topology } from '../../../shared/capture/record.ts'
import { listenInto, quiet, readBytes } from './sockets.ts'

const dial = (address: Address) => quiet(connect({ ...address, allowHalfOpen: true }))
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))
const free: Address = { host: '127.0.0.1', port: 0 }

async function serverWith(onSocket: (socket: Socket) => void): Promise<{ server: Server; address: Address }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => onSocket(quiet(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } }
}

async function relayTo(upstream: Address, options: Partial<RelayOptions> = {}): Promise<Relay> {
  const relay = await startRelay({ listen: free, upstream, mode: 'running', onProblem: () => {}, ...options })
  if (!relay.ok) throw new Error(relay.error)
  return relay.value
}

describe('a relay', () => {
  it('joins every client with a connection of its own to the server', async () => {
    const { server, address } = await serverWith((socket) => socket.pipe(socket))
    const relay = await relayTo(address)
    const clients = [dial(relay.address), dial(relay.address), dial(relay.address)]
    for (const [index, client] of clients.entries()) client.write(`client ${index}`)
    for (const [index, client] of clients.entries()) {
      expect((await readBytes(client, 8)).toString()).toBe(`client ${index}`)
    }
    await relay.close()
    server.close()
  })

  it('resets a client beyond the connections it takes at once, says so, and takes the next when one has gone', async () => {
    const { server, address } = await serverWith((socket) => socket.pipe(socket))
    const problems: string[] = []
    const relay = await relayTo(address, { maxConnections: 1, onProblem: (sentence) => problems.push(sentence) })
    const first = dial(relay.address)
    first.write('first')
    await readBytes(first, 5)
    await closed(dial(relay.address))
    expect(problems).toEqual([expect.stringMatching(/1 connection.*--max-connections/)])
    first.destroy()
    await closed(first)
    // The relay learns of the end in its own time: a client that is reset dials again.
    for (let answer = ''; answer !== 'next'; ) {
      const next = dial(relay.address)
      next.write('next')
      answer = await Promise.race([readBytes(next, 4).then(String, () => ''), closed(next).then(() => '')])
    }
    await relay.close()
    server.close()
  })

  it('tells the four addresses before the first byte', async () => {
    const { server, address } = await serverWith((socket) => socket.end('welcome'))
    const lines: string[] = []
    const topologies: Topology[] = []
    const relay = await relayTo(address, {
      accepted: () => ({
        opened: (topology) => {
          topologies.push(topology)
          lines.push('open')
          return listenInto(lines)
        },
      }),
    })
    const client = dial(relay.address)
    await readBytes(client, 7)
    expect(lines[0]).toBe('open')
    expect(lines[1]).toBe('s>c arrived 7')
    expect(topologies[0]).toMatchObject({
      client: { host: '127.0.0.1', port: client.localPort },
      gateForClient: relay.address,
      server: address,
    })
    await relay.close()
    server.close()
  })

  it('passes a half-close on as a half-close', async () => {
    const { server, address } = await serverWith((socket) => {
      socket.resume().on('end', () => socket.end('after your end'))
    })
    const relay = await relayTo(address)
    const client = dial(relay.address)
    client.end('done')
    expect((await readBytes(client, 14)).toString()).toBe('after your end')
    await relay.close()
    server.close()
  })

  it('passes a reset on as a reset, in both directions', async () => {
    const { server, address } = await serverWith((socket) => {
      socket.on('data', (bytes) => {
        if (bytes.toString() === 'reset me') socket.resetAndDestroy()
        else socket.write('hello')
      })
    })
    const relay = await relayTo(address)
    const resetByServer = dial(relay.address)
    resetByServer.write('reset me')
    expect((await once(resetByServer, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' })

    const accepted = once(server, 'connection')
    const resetsServer = dial(relay.address)
    resetsServer.write('hi')
    const [atServer] = (await accepted) as [Socket]
    await readBytes(resetsServer, 5)
    const failed = once(atServer, 'error')
    resetsServer.resetAndDestroy()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
    await relay.close()
    server.close()
  })

  it('says that nothing listens upstream, and closes the accepted side', async () => {
    const { server, address } = await serverWith(() => {})
    server.close()
    await once(server, 'close')
    const problems: string[] = []
    const relay = await relayTo(address, { onProblem: (sentence) => problems.push(sentence) })
    const client = dial(relay.address)
    await closed(client)
    expect(problems).toEqual([
      `Nothing listens on 127.0.0.1:${address.port}; start the server there or check the address.`,
    ])
    await relay.close()
  })

  it('says that a port is in use', async () => {
    const { server, address } = await serverWith(() => {})
    const relay = await startRelay({ listen: address, upstream: address, mode: 'running', onProblem: () => {} })
    expect(relay).toEqual({
      ok: false,
      error: `Port ${address.port} on 127.0.0.1 is in use by another program; stop it or choose another port.`,
    })
    server.close()
  })

  it('says that an address is not one of this machine', async () => {
    const listen = { host: '192.0.2.1', port: 0 }
    const relay = await startRelay({ listen, upstream: free, mode: 'running', onProblem: () => {} })
    expect(relay).toMatchObject({ ok: false, error: expect.stringContaining('no address 192.0.2.1') })
  })

  it('has closed every socket when closing it settles', async () => {
    const open = new Set<Socket>()
    const { server, address } = await serverWith((socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.write('hello')
    })
    const relay = await relayTo(address)
    const client = dial(relay.address)
    await readBytes(client, 5)
    const gone = closed(client)
    await relay.close()
    await gone
    const refused = dial(relay.address)
    expect((await once(refused, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' })
    server.close()
  })
})
