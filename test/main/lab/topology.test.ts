import { describe, expect, it, onTestFinished } from 'vitest'
import { buildTopology } from '../../../main/lab/topology.ts'
import { holdLimit } from '../../../main/net/gate.ts'
import { type Lane, receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import { must } from './labs.ts'

const silent = { arrived() {}, arrivedEnd() {}, released() {}, releasedEnd() {}, edited() {} }

async function build(dialect: (typeof dialectIds)[number]) {
  const config = { url: 'ws://127.0.0.1:4502/demo', limits: defaultLimits, origin: 'http://example.com' }
  const limit = () => holdLimit
  const listener = () => silent
  const topology = must(
    await buildTopology({
      ...{ dialect: dialectById(dialect), config, seed: 7, connection: 1, listener, limit },
      ...{ via: [], say: () => {} },
    }),
  )
  onTestFinished(() => topology.close())
  const { client, server } = topology.endpoints
  return {
    gate: topology.connections[0]!.gate,
    ends: { client: client.socket, server: server.socket },
    settle: topology.settle,
  }
}

describe.each(dialectIds)('the lab topology of %s', (dialect) => {
  it('gives each end exactly the bytes that were released to it, at every byte', async () => {
    const { gate, ends, settle } = await build(dialect)
    expect(ends.client.act({ kind: 'open' }).ok).toBe(true)
    must(await settle())
    let turn: Lane = 'clientToServer'
    while (gate.lanes.clientToServer.held + gate.lanes.serverToClient.held > 0) {
      if (gate.lanes[turn].held === 0) turn = turn === 'clientToServer' ? 'serverToClient' : 'clientToServer'
      gate.lanes[turn].release(1)
      must(await settle())
      for (const lane of ['clientToServer', 'serverToClient'] as const) {
        expect(ends[receiverOf(lane)].received).toBe(gate.lanes[lane].released)
        expect(gate.lanes[lane].arrived).toBe(ends[senderOf(lane)].sent)
      }
    }
    expect([ends.client.state.name, ends.server.state.name]).toEqual(['OPEN', 'OPEN'])
  })

  it('gets quiet with a lane that is full, and takes in the rest when there is room', async () => {
    const { gate, ends, settle } = await build(dialect)
    must(ends.client.act({ kind: 'open' }))
    must(await settle())
    for (const lane of [gate.lanes.clientToServer, gate.lanes.serverToClient, gate.lanes.clientToServer]) {
      lane.release(lane.held)
      must(await settle())
    }
    const before = gate.lanes.clientToServer.arrived
    must(ends.client.act({ kind: 'sendText', text: 'x'.repeat(3 * holdLimit) }))
    must(await settle())
    const { clientToServer } = gate.lanes
    expect(clientToServer.full).toBe(true)
    expect(clientToServer.arrived - before).toBeLessThan(2 * holdLimit)
    while (clientToServer.held > 0) {
      clientToServer.release(clientToServer.held)
      must(await settle())
    }
    expect(ends.server.received).toBe(ends.client.sent)
  })
})
