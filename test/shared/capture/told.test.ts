// Connections whose dialect nobody stated: their request tells it.
import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { lanes, roles } from '../../../shared/bytes/lanes.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import type { ConnectionCapture } from '../../../shared/capture/types.ts'
import { connectionView, unitView } from '../../../shared/capture/views.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectIds, newestDialect } from '../../../shared/dialects/registry.ts'
import { conversations } from './logs.ts'
import { allCursors } from './naive.ts'
import { openCapture } from './opened.ts'
import { topologyOf } from './topology.ts'

type Part = readonly [kind: 'sent' | 'delivered', lane: (typeof lanes)[number], bytes: Uint8Array]

function recordsOf(parts: readonly Part[], dialect?: DialectId): readonly LogRecord[] {
  const opened: LogRecord = {
    kind: 'open',
    time: 0,
    connection: 0,
    topology: topologyOf(0),
    ...(dialect && { dialect }),
  }
  return [
    opened,
    ...parts.map(([kind, lane, bytes], index): LogRecord => ({ kind, time: index, connection: 0, lane, bytes })),
  ]
}

function captureOf(records: readonly LogRecord[], store = createMemoryStore()): Capture {
  const capture = createCapture(store)
  for (const record of records) capture.append(record)
  return capture
}

/** The draft's own conversation, each lane sent and delivered in pieces of `size`. */
function conversation(id: DialectId, size: number): readonly Part[] {
  return lanes.flatMap((lane) => {
    const bytes = conversations[id][lane]
    const count = Math.ceil(bytes.length / size)
    return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)).flatMap(
      (piece): Part[] => [
        ['sent', lane, piece],
        ['delivered', lane, piece],
      ],
    )
  })
}

/** Everything that is derived with the dialect. */
function readingOf(one: ConnectionCapture) {
  return {
    dialect: one.dialect.id,
    rows: Array.from({ length: one.rowCount }, (_, index) => one.row(index)),
    messages: Array.from({ length: one.messageCount }, (_, index) => one.message(index)),
    transitions: one.transitions,
    faults: one.faults,
  }
}

const request = (id: DialectId): Uint8Array => {
  const bytes = conversations[id].clientToServer
  return bytes.subarray(0, Buffer.from(bytes).indexOf('\r\n\r\n') + 4)
}

describe.each(dialectIds)('a connection of %s whose dialect nobody stated', (id) => {
  it.each([1, 7, 4096])('reads the same as when it was stated, in pieces of %i bytes', (size) => {
    const parts = conversation(id, size)
    const [told, stated] = [captureOf(recordsOf(parts)), captureOf(recordsOf(parts, id))]
    expect(readingOf(told.connection(0))).toEqual(readingOf(stated.connection(0)))
    for (const cursor of allCursors(recordsOf(parts)).filter((_, index) => index % 17 === 0)) {
      for (const role of roles) {
        expect(told.connection(0).stateAt(role, cursor)).toBe(stated.connection(0).stateAt(role, cursor))
      }
    }
  })

  it('is told by the request as sent, before any of it is let through', () => {
    const capture = captureOf(recordsOf([['sent', 'clientToServer', request(id)]]))
    expect(capture.connection(0).dialect.id).toBe(id)
    expect(connectionView(capture, 0, capture.end)).toMatchObject({ dialect: id, detection: { kind: 'told' } })
  })

  it('is told again when its file is opened', () => {
    const store = createMemoryStore()
    const written = captureOf(recordsOf(conversation(id, 100)), store)
    const opened = openCapture(store)
    if (!opened.ok) throw new Error(opened.error)
    expect(opened.value.connection(0).opened.dialect).toBeUndefined()
    expect(opened.value.connection(0).detection).toEqual(written.connection(0).detection)
    expect(readingOf(opened.value.connection(0))).toEqual(readingOf(written.connection(0)))
  })

  it('shows on the request what told', () => {
    const capture = captureOf(recordsOf([['sent', 'clientToServer', request(id)]]))
    const unit = unitView(capture, 0, capture.end, 'clientToServer', 0)
    expect(unit?.derivations[0]).toMatchObject({ title: 'How the dialect is told', matches: true })
  })

  it('says nothing of evidence when it was stated', () => {
    const capture = captureOf(recordsOf([['sent', 'clientToServer', request(id)]], id))
    expect(connectionView(capture, 0, capture.end).detection).toBeUndefined()
    const titles = unitView(capture, 0, capture.end, 'clientToServer', 0)?.derivations.map(({ title }) => title)
    expect(titles).not.toContain('How the dialect is told')
  })
})

describe('a connection whose dialect nobody stated', () => {
  it('is read as the newest while the request is not whole', () => {
    const capture = captureOf(recordsOf([['sent', 'clientToServer', request('hello-00').subarray(0, 60)]]))
    expect(capture.connection(0)).toMatchObject({ dialect: newestDialect, detection: null })
    expect(connectionView(capture, 0, capture.end).detection).toEqual({
      kind: 'waiting',
      says: `The request will tell the dialect; until then it is ${newestDialect.id}.`,
    })
  })

  it('is read as the newest, which says what is wrong, when no dialect explains the request', () => {
    const bytes = encodeLatin1('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n')
    const capture = captureOf(
      recordsOf([
        ['sent', 'clientToServer', bytes],
        ['delivered', 'clientToServer', bytes],
      ]),
    )
    expect(capture.connection(0)).toMatchObject({ dialect: newestDialect, detection: { refusal: 400 } })
    expect(capture.connection(0).faults.map(({ code }) => code)).toContain('head.upgrade-value')
    expect(connectionView(capture, 0, capture.end).detection).toMatchObject({ kind: 'unexplained' })
  })

  it('does not let what a server says before the request tell anything', () => {
    const early = conversations['hello-00'].serverToClient
    const parts: Part[] = [
      ['sent', 'serverToClient', early],
      ['delivered', 'serverToClient', early],
      ['sent', 'clientToServer', request('hello-00')],
    ]
    expect(readingOf(captureOf(recordsOf(parts)).connection(0))).toEqual(
      readingOf(captureOf(recordsOf(parts, 'hello-00')).connection(0)),
    )
  })

  it('keeps what was told when the gate changes the request afterwards', () => {
    const bytes = request('hello-00')
    const capture = captureOf(recordsOf([['sent', 'clientToServer', bytes]]))
    capture.append({
      ...{ kind: 'edit', time: 9, connection: 0, lane: 'clientToServer', at: 0, remove: bytes.length, label: 'edited' },
      insert: request('rfc6455'),
    })
    expect(capture.connection(0).dialect.id).toBe('hello-00')
  })
})

it('a socket policy exchange is told from a WebSocket, and nothing is said of what a good server answers', () => {
  const capture = captureOf(recordsOf([['sent', 'clientToServer', encodeLatin1('<policy-file-request/>')]]))
  const [told] = unitView(capture, 0, capture.end, 'clientToServer', 0)?.derivations ?? []
  expect(told).toMatchObject({ title: 'How it is told from a WebSocket', matches: true })
  expect(JSON.stringify(told)).not.toContain('400')
})
