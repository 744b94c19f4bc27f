// The socket policy exchange as a run of the window: one line starts it, held at the gate, and no rule of WebSocket judges it.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Host } from '../../../main/host/host.ts'
import { openHost } from '../../../main/host/open.ts'
import { ladderRows, transitionViews, unitView } from '../../../shared/capture/views.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { policyRequest } from '../../../shared/profile/policy.ts'
import { must, temporaryFolder } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'

function openWirestep(): Host {
  const host = openHost({ kind: 'browser', folder: temporaryFolder(), pickFile: async () => null })
  onTestFinished(() => host.workspace.shutdown())
  return host
}

const view = (host: Host): RunView => host.workspace.current!.view()
const held = (host: Host) => view(host).next?.held

/** Steps as often as told, each time once there is something to step. */
async function step(host: Host, times: number, line = 'step unit'): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    await until(() => view(host).next !== null)
    must(await host.perform(line))
  }
}

/** Request, answer, and the ends of both streams. */
async function stepThrough(host: Host): Promise<void> {
  await step(host, 4)
  await until(() => view(host).said !== null)
}

async function started(words = '--listen 0'): Promise<Host> {
  const host = openWirestep()
  must(await host.perform(`policy ${words}`))
  return host
}

/** Takes a port for as long as the test goes on; who may not have it leaves it. */
async function occupy(port: number): Promise<number> {
  const server: Server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await Promise.race([once(server, 'listening'), once(server, 'error').catch(() => {})])
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : port
}

describe('the command policy', () => {
  it('holds the request before its first byte, and each end waits', async () => {
    const host = await started()
    expect(view(host)).toMatchObject({
      ...{ source: 'live', connectionCount: 1, faultCount: 0, warnings: [] },
      next: { lane: 'clientToServer', label: 'policy request', held: 22 },
      connections: [{ policy: true, states: { client: 'AWAITING_RESPONSE', server: 'AWAITING_REQUEST' } }],
    })
  })

  it('is stepped byte by byte: the server answers behind the last byte, the client decides behind the last end', async () => {
    const host = await started()
    await step(host, 21, 'step byte')
    expect(view(host).connections[0]?.states.server).toBe('AWAITING_REQUEST')
    await step(host, 1, 'step byte')
    await until(() => view(host).next?.label === 'policy answer')
    const size = held(host)!
    await step(host, size, 'step byte')
    expect(view(host)).toMatchObject({ said: null, connections: [{ states: { client: 'AWAITING_RESPONSE' } }] })
    await step(host, 1)
    await until(() => view(host).said !== null)
    expect(view(host)).toMatchObject({
      said: { node: 'Silverlight', says: 'Port 4502 may be connected to.' },
      connections: [{ states: { client: 'CLOSED', server: 'CLOSED' } }],
      faultCount: 0,
    })
  })

  it('shows the answer as one unit before the end of its stream, every byte explained', async () => {
    const host = await started()
    await stepThrough(host)
    const { capture } = host.workspace.current!
    const { rows } = ladderRows(capture, 1, capture.end, 0, 10)
    expect(rows.map(({ lane, label }) => `${lane} ${label}`)).toEqual([
      'clientToServer policy request',
      'serverToClient policy answer',
      'serverToClient FIN',
      'clientToServer FIN',
    ])
    for (const lane of ['clientToServer', 'serverToClient'] as const) {
      const { span, fields } = unitView(capture, 1, capture.end, lane, 0)!
      const edges = fields.map(({ start }) => start)
      expect([...edges, span.end]).toEqual([0, ...fields.map(({ end }) => end)])
      for (const field of fields) expect(field.says, field.name).toMatch(/\w/)
    }
  })

  it('lets the client say no where the policy does not grant its port', async () => {
    const host = await started('--listen 0 --grant 4510-4534 --ask 4502')
    await stepThrough(host)
    expect(view(host)).toMatchObject({ said: { says: 'The policy grants no port 4502.' }, faultCount: 0 })
  })

  it('lets the client decide by what the gate delivers, not by what the server sent', async () => {
    const host = await started()
    await step(host, 1)
    await until(() => view(host).next?.label === 'policy answer')
    const { readSent } = host.workspace.current!.capture.connection(1)
    const text = Buffer.from(readSent('serverToClient', 0, 320))
    const at = text.indexOf('4502-4534')
    must(await host.perform(`edit server ${at} --remove 4 --insert 34353130`))
    await step(host, 3)
    await until(() => view(host).said !== null)
    expect(view(host).said?.says).toBe('The policy grants no port 4502.')
  })

  it('fails the server where the request is another at the gate, without a fault of WebSocket', async () => {
    const host = await started()
    must(await host.perform('edit client 0 --remove 1 --insert 28'))
    await step(host, 1)
    await until(() => view(host).connections[0]?.states.server === 'FAILED')
    await step(host, 2)
    await until(() => view(host).said !== null)
    expect(view(host)).toMatchObject({
      said: { says: 'No policy came: without one, no socket may connect.' },
      connections: [{ states: { client: 'FAILED' } }],
      faultCount: 0,
    })
  })

  it('begins again in place of the one before, on the same port', async () => {
    const host = await started()
    const { port } = view(host).tap!.listening!
    must(await host.perform(`policy --listen ${port}`))
    expect(host.workspace.runs).toHaveLength(1)
    expect(view(host)).toMatchObject({ tap: { listening: { port } }, next: { held: 22 } })
  })

  it('says what to do where a port that was named cannot be had', async () => {
    const host = openWirestep()
    const port = await occupy(0)
    const refused = await host.perform(`policy --listen ${port}`)
    expect(refused).toEqual({ ok: false, error: expect.stringMatching(/in use by another program; .* another port/) })
    expect(host.workspace.runs).toEqual([])
  })

  it('takes a free port where 943 cannot be had, and says why and what that means', async () => {
    await occupy(943)
    const host = await started('')
    const { tap, warnings } = view(host)
    expect(tap!.listening!.port).not.toBe(943)
    expect(warnings).toEqual([
      expect.stringMatching(/943.*below 1024 are for privileged programs.*a free port in its place/),
    ])
    expect(view(host).next).toMatchObject({ held: 22 })
  })

  it('refuses ports to grant that are none', async () => {
    const host = openWirestep()
    for (const ports of ['4534-4502', '0', 'all', '1-65536'])
      expect(await host.perform(`policy --grant ${ports}`)).toMatchObject({ ok: false, error: /ports such as/ })
  })

  it('answers other programs too, each as a connection of the run', async () => {
    const host = await started()
    const { port } = view(host).tap!.listening!
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write(policyRequest)
    await until(() => view(host).connectionCount === 2)
  })
})

describe('a policy exchange that was saved', () => {
  async function saved(): Promise<{ host: Host; path: string }> {
    const host = await started()
    await stepThrough(host)
    const path = join(temporaryFolder(), 'policy.pcapng')
    must(await host.perform(`save ${path}`))
    return { host, path }
  }

  it('opens with the same states, the same words and no faults', async () => {
    const { host, path } = await saved()
    const { capture } = host.workspace.current!
    const moves = transitionViews(capture, 1, capture.end, 0, 9).rows.map(({ role, to }) => `${role} ${to}`)
    must(await host.perform(`open ${path}`))
    expect(view(host)).toMatchObject({
      ...{ source: 'file', faultCount: 0, warnings: [] },
      said: { says: 'Port 4502 may be connected to.' },
      connections: [{ policy: true }],
    })
    const again = host.workspace.current!.capture
    const movesAgain = transitionViews(again, 1, again.end, 0, 9).rows.map(({ role, to }) => `${role} ${to}`)
    expect(movesAgain).toEqual(moves)
    expect(moves).toEqual(['client AWAITING_RESPONSE', 'server REQUEST_RECEIVED', 'server CLOSED', 'client CLOSED'])
  })

  async function exported(name: string): Promise<string> {
    const { host } = await saved()
    const path = join(temporaryFolder(), name)
    must(await host.perform(`export --to ${path}`))
    return readFileSync(path, 'utf8')
  }

  it('is exported as a page that says what each unit is', async () => {
    const page = await exported('policy.html')
    expect(page).toContain('policy request')
    expect(page).toContain('grants ports 4502-4534')
  })

  it('is exported as JSON lines, a line for each unit, without a fault', async () => {
    const lines = (await exported('policy.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const units = lines.filter(({ lane }) => lane !== undefined)
    expect(units.map(({ lane, start, end }) => [lane, start, end])).toEqual([
      ['clientToServer', 0, 22],
      ['serverToClient', 0, 320],
    ])
    for (const unit of units) expect(unit.faults ?? []).toEqual([])
  })
})
