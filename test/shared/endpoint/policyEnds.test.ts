// A socket policy exchange as the observers of its two ends see it: what moves them, and that no rule of WebSocket is for it.
import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { newestDialect } from '../../../shared/dialects/registry.ts'
import { createDetector, detectionSentence } from '../../../shared/endpoint/detect.ts'
import {
  copyObserver,
  createObserver,
  type Observer,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../../../shared/endpoint/observer.ts'
import { policyTable } from '../../../shared/endpoint/policyEnds.ts'
import { policyAnswer, policyRequest, prototypePorts } from '../../../shared/profile/policy.ts'

const request = encodeLatin1(policyRequest)
const answer = policyAnswer(prototypePorts)

const endOf = (role: Role): Observer => createObserver(newestDialect, role, { policy: true })

describe('detecting a policy exchange', () => {
  it('takes the 22 bytes of the request, however they are cut, and waits as long as they may come', () => {
    const detector = createDetector()
    for (let at = 0; at < 21; at += 1) expect(detector.feed(request.subarray(at, at + 1))).toBe(null)
    expect(detector.feed(request.subarray(21))).toMatchObject({ policy: true, evidence: [{ start: 0, end: 22 }] })
  })

  it('tells that it opens no WebSocket', () => {
    expect(detectionSentence(createDetector().feed(request)!)).toMatch(/socket policy exchange of Silverlight/)
  })

  it('is not led astray by what only begins like one', () => {
    const found = createDetector().feed(encodeLatin1('<policy-file-quest/>!!'))
    expect(found).toMatchObject({ refusal: 400 })
    expect(found).not.toHaveProperty('policy')
  })
})

describe('the client of a policy exchange', () => {
  function asked(): Observer {
    const client = endOf('client')
    expect(observeSent(client, request.subarray(0, 21)).transitions).toEqual([])
    expect(observeSent(client, request.subarray(21)).transitions).toMatchObject([
      { from: 'IDLE', to: 'AWAITING_RESPONSE', trigger: 'sendRequest' },
    ])
    return client
  }

  it('has its answer when the stream ends, and not before', () => {
    const client = asked()
    expect(observeReceived(client, answer)).toEqual({ transitions: [], faults: [] })
    expect(observeReceivedEnd(client).transitions).toMatchObject([
      { to: 'CLOSED', trigger: 'receiveResponse', cause: { span: { start: 0, end: answer.length } } },
    ])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['something else', encodeLatin1('HTTP/1.1 404 Not Found\r\n\r\n')],
  ])('may not connect when %s came', (_, bytes) => {
    const client = asked()
    expect(observeReceived(client, bytes).faults).toEqual([])
    expect(observeReceivedEnd(client).transitions).toMatchObject([{ to: 'FAILED', trigger: 'receiveRefusal' }])
  })
})

describe('the server of a policy exchange', () => {
  it('has the request with its last byte, and has answered when it ends its stream', () => {
    const server = endOf('server')
    expect(observeReceived(server, request.subarray(0, 10)).transitions).toEqual([])
    expect(observeReceived(server, request.subarray(10)).transitions).toMatchObject([
      { to: 'REQUEST_RECEIVED', trigger: 'receiveRequest', at: 22 },
    ])
    observeSent(server, answer)
    expect(observeSentEnd(server).transitions).toMatchObject([{ to: 'CLOSED', trigger: 'sendResponse' }])
  })

  it('fails on the first byte that no request has there', () => {
    const server = endOf('server')
    const seen = observeReceived(server, encodeLatin1('<policy-file_'))
    expect(seen).toMatchObject({ transitions: [{ to: 'FAILED', trigger: 'fault' }], faults: [] })
  })

  it.each([
    ['behind the request', true, 'sendRefusal'],
    ['before the request is whole', false, 'sendEnd'],
  ] as const)('fails when it ends its stream %s without an answer', (_, isWhole, trigger) => {
    const server = endOf('server')
    observeReceived(server, request.subarray(0, isWhole ? 22 : 5))
    expect(observeSentEnd(server).transitions).toMatchObject([{ to: 'FAILED', trigger }])
  })

  it('fails when the client leaves before its request is whole, and not behind it', () => {
    const [left, stayed] = [endOf('server'), endOf('server')]
    expect(observeReceivedEnd(left).transitions).toMatchObject([{ to: 'FAILED', trigger: 'receiveEnd' }])
    observeReceived(stayed, request)
    expect(observeReceivedEnd(stayed).transitions).toEqual([])
  })

  it('goes on by itself in a copy', () => {
    const server = endOf('server')
    observeReceived(server, request.subarray(0, 10))
    observeReceived(copyObserver(server), encodeLatin1('x'))
    expect(observeReceived(server, request.subarray(10)).transitions).toMatchObject([{ to: 'REQUEST_RECEIVED' }])
  })
})

describe.each(['client', 'server'] as const)('the table of the %s', (role) => {
  it('has one row for each state and trigger, leads on from its first state, and cites', () => {
    const table = policyTable(role)
    expect(new Set(table.map(({ from, trigger }) => `${from} ${trigger}`)).size).toBe(table.length)
    expect(table.map(({ from }) => from)).toContain(endOf(role).state)
    for (const row of table) expect(row.cite).toMatch(/^MSDN/)
  })
})
