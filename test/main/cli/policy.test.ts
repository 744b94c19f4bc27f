// The socket policy exchange: both ends over real sockets, what is refused, and how a recording shows it.

import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectionJson } from '../../../main/cli/events.ts'
import { runProgram } from '../../../main/cli/program.ts'
import { type TapEvent, tapEventJson, tapEventText, watchTapped } from '../../../main/cli/tapEvents.ts'
import { servePolicy } from '../../../main/net/policy.ts'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { ladderRows, unitView } from '../../../shared/capture/views.ts'
import { createDetector } from '../../../shared/endpoint/detect.ts'
import { createNonceBook } from '../../../shared/endpoint/nonceBook.ts'
import {
  policyAnswer,
  policyRefusal,
  policyRequest,
  prototypePorts,
  readPolicyRequest,
} from '../../../shared/profile/policy.ts'
import { must, openWorkspace } from '../lab/labs.ts'
import { peerOn } from '../net/sockets.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

const file = () => join(mkdtempSync(join(tmpdir(), 'wirestep-policy-')), 'policy.pcapng')

/** Serves until `work` is done; answers what was printed. */
async function serving(words: readonly string[], work: (port: number) => Promise<void>): Promise<readonly string[]> {
  const session = openTerminal()
  const done = runProgram(['policy', '--listen', '0', '--json', ...words], session.terminal)
  const { port } = JSON.parse(await session.line((line) => line.includes('listening')))
  await work(port)
  session.interrupt()
  await done
  return session.out().trim().split('\n').slice(1)
}

async function sent(port: number, text: string): Promise<string> {
  const peer = peerOn(connect({ port, host: '127.0.0.1', allowHalfOpen: true }))
  peer.socket.write(text)
  await peer.ended
  peer.socket.end()
  return peer.got().toString()
}

describe('a policy request', () => {
  it('is exactly 22 octets', () => {
    const bytes = encodeLatin1(policyRequest)
    expect(bytes).toHaveLength(22)
    expect(readPolicyRequest(bytes)).toBe('asked')
    for (let size = 0; size < 22; size += 1) expect(readPolicyRequest(bytes.subarray(0, size))).toBe('more')
    expect(readPolicyRequest(encodeLatin1(`${policyRequest}\0`))).toBe('wrong')
    expect(readPolicyRequest(encodeLatin1('GET / HTTP/1.1'))).toBe('wrong')
  })
})

it('is told as what it is, and not as a request that gets a status', () => {
  const told = createDetector().feed(encodeLatin1(policyRequest))!
  expect(detectionJson(told)).toEqual({
    ...{ event: 'dialect', dialect: null, policy: true },
    evidence: [{ start: 0, end: 22, says: 'the first bytes are <policy-file-request/>' }],
  })
})

describe('what Silverlight decides', () => {
  const answer = policyAnswer(prototypePorts)

  it.each([4502, 4534])('lets port %d be connected to', (port) => expect(policyRefusal(answer, port)).toBe(null))

  it.each([
    [new Uint8Array(0), 4502, 'No policy came: without one, no socket may connect.'],
    [encodeLatin1('HTTP/1.1 404 Not Found\r\n\r\n'), 4502, 'The answer is no access policy: no socket may connect.'],
    [answer, 8080, 'The policy grants no port 8080.'],
    [policyAnswer({ from: 80, to: 9000 }), 8080, /^Port 8080 is outside 4502 to 4534/],
    [encodeLatin1(Buffer.from(answer).toString().replace('uri="*"', 'uri="http://a"')), 4502, /from anywhere/],
  ])('refuses %# otherwise', (bytes, port, says) => {
    expect(policyRefusal(bytes, port)).toMatch(says)
  })
})

describe('wirestep policy', () => {
  it('answers the request with the policy and closes; anything else is closed without an answer', async () => {
    const events = await serving([], async (port) => {
      expect(await sent(port, policyRequest)).toBe(Buffer.from(policyAnswer(prototypePorts)).toString())
      expect(await sent(port, '<policy-file-request/>\0')).toBe('')
      expect(await sent(port, 'GET /')).toBe('')
    })
    expect(events.map((line) => JSON.parse(line))).toEqual([
      { connection: 1, event: 'answered' },
      { connection: 2, event: 'refused', says: expect.stringMatching(/^The request has to be/) },
      { connection: 3, event: 'refused', says: expect.stringMatching(/22 bytes and no more/) },
    ])
  })

  it('closes who says nothing in time', async () => {
    const events = await serving(['--timeout', '20'], async (port) => {
      expect(await sent(port, '<policy')).toBe('')
    })
    expect(JSON.parse(events[0]!)).toMatchObject({ event: 'refused', says: 'No policy request came within 20 ms.' })
  })

  it('asks as Silverlight did, and says what it decides', async () => {
    await serving([], async (port) => {
      const granted = await wirestep(['policy', '--listen', String(port), '--ask', '4502'])
      expect(granted).toEqual({ code: 0, out: 'Port 4502 may be connected to.\n', err: '' })
      const refused = await wirestep(['policy', '--listen', String(port), '--ask', '8080'])
      expect(refused).toEqual({ code: 1, out: 'The policy grants no port 8080.\n', err: '' })
    })
  })

  it('says what it means that port 943 cannot be had', async () => {
    const asked = await servePolicy({
      ...{ listen: { host: '192.0.2.1', port: 943 }, ports: prototypePorts, timeout: 1000 },
      ...{ onEvent: () => {}, onProblem: () => {} },
    })
    expect(asked).toMatchObject({ ok: false, error: expect.stringMatching(/Silverlight asks on 943 and nowhere else/) })
  })

  it('records a session whose units are the request and the answer, explained to the byte', async () => {
    const path = file()
    await serving(['--record', path], async (port) => void (await sent(port, policyRequest)))
    const { capture } = must(await openWorkspace().openFile(path))
    const { rows } = ladderRows(capture, 1, capture.end, 0, 10)
    expect(rows.map(({ lane, label, preview }) => [lane, label, preview])).toEqual(
      expect.arrayContaining([
        ['clientToServer', 'policy request', policyRequest],
        ['serverToClient', 'policy answer', 'grants ports 4502-4534'],
      ]),
    )
    const request = unitView(capture, 1, capture.end, 'clientToServer', 3)!
    expect(request).toMatchObject({ title: 'Policy request', span: { start: 0, end: 22 } })
    expect(request.fields.map(({ name, start, end }) => [name, start, end])).toEqual([
      ['opening', 0, 1],
      ['element', 1, 20],
      ['closing', 20, 22],
    ])
    const answer = unitView(capture, 1, capture.end, 'serverToClient', 0)!
    expect(answer.fields.map(({ start }) => start)).toEqual([0, ...answer.fields.slice(0, -1).map(({ end }) => end)])
    expect(answer.fields.find(({ name }) => name === 'socket-resource')).toMatchObject({
      value: '<socket-resource port="4502-4534" protocol="tcp"/>',
      says: expect.stringMatching(/outside 4502 to 4534/),
    })
  })
})

describe('wirestep tap before a policy server', () => {
  it('tells what the exchange is, and finds no fault with it', () => {
    const told: TapEvent[] = []
    const { listener, closed } = watchTapped(null, { book: createNonceBook(), connection: 1 }, (event) =>
      told.push(event),
    )
    const answer = policyAnswer(prototypePorts)
    for (const [lane, bytes] of [
      ['clientToServer', encodeLatin1(policyRequest)],
      ['serverToClient', answer],
    ] as const) {
      listener.arrived(lane, bytes)
      listener.released(lane, bytes)
      listener.arrivedEnd(lane, 'fin')
      listener.releasedEnd(lane, 'fin')
    }
    closed()
    const lines = told.map((event) => tapEventJson(1, event))
    expect(lines[0]).toMatchObject({ event: 'dialect', dialect: null, policy: true })
    expect(lines).not.toContainEqual(expect.objectContaining({ event: 'fault' }))
    expect(tapEventText(1, told[0]!)).toMatch(/socket policy exchange of Silverlight/)
  })
})
