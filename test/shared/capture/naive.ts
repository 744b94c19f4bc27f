// The capture's promises in their plainest form: everything is recomputed from the records, byte by byte, for each
// cursor. Slow and obviously right; what the index answers is compared with it.
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { Cursor, EditLabel, LogRecord, StreamEnd } from '../../../shared/capture/record.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { connectionKey, hashesMasks } from '../../../shared/framing/frameMask.ts'

/** A byte of the gate stream and the record it came by, or the place where an edit took bytes out and put none in. */
type Element = { readonly byte: number; readonly edit: number; readonly by: number } | { readonly edit: number }

export interface NaiveLane {
  readonly sent: number[]
  readonly delivered: number[]
  /** The record by which each of them was delivered. */
  readonly deliveries: number[]
  readonly elements: Element[]
  readonly labels: Map<number, EditLabel>
  readonly drops: { readonly start: number; readonly end: number }[]
  sentEnd: StreamEnd | null
  deliveredEnd: StreamEnd | null
  ends: number
}

export type NaiveWorld = Record<Lane, NaiveLane>

/** The key of the connection, by the plainest reading of what the server was given and has sent. */
export function naiveKey(world: NaiveWorld, dialect: Dialect): Uint8Array | null {
  if (!hashesMasks(dialect)) return null
  const text = (bytes: readonly number[]) => Buffer.from(bytes).toString('latin1')
  const request = /^GET [\s\S]*?\r?\n\r?\n/.exec(text(world.clientToServer.delivered))?.[0]
  const response = /^HTTP\/1\.1 101[\s\S]*?\r?\n\r?\n/.exec(text(world.serverToClient.sent))?.[0]
  const key = /^Sec-WebSocket-Key: *([^\r\n]*)/m.exec(request ?? '')?.[1]
  const nonce = /^Sec-WebSocket-Nonce: *([^\r\n]*)/m.exec(response ?? '')?.[1]
  return key === undefined || nonce === undefined ? null : connectionKey(key.trim(), nonce.trim())
}

/** The world of one connection as of a cursor. */
export function naiveWorld(records: readonly LogRecord[], connection: number, cursor: Cursor): NaiveWorld {
  const world: NaiveWorld = { clientToServer: emptyLane(), serverToClient: emptyLane() }
  records.slice(0, cursor.record).forEach((record, index) => {
    if (record.connection === connection) apply(world, record, index)
  })
  const next = records[cursor.record]
  if (cursor.bytes > 0 && next?.kind === 'delivered' && next.connection === connection) {
    apply(world, { ...next, bytes: next.bytes.slice(0, cursor.bytes) }, cursor.record)
  }
  return world
}

function emptyLane(): NaiveLane {
  return {
    sent: [],
    delivered: [],
    deliveries: [],
    elements: [],
    labels: new Map(),
    drops: [],
    sentEnd: null,
    deliveredEnd: null,
    ends: 0,
  }
}

function apply(world: NaiveWorld, record: LogRecord, index: number): void {
  if (!('lane' in record)) return
  const lane = world[record.lane]
  switch (record.kind) {
    case 'sent':
      lane.sent.push(...record.bytes)
      lane.elements.push(...Array.from(record.bytes, (byte) => ({ byte, edit: -1, by: index })))
      break
    case 'delivered':
      lane.delivered.push(...record.bytes)
      lane.deliveries.push(...Array.from(record.bytes, () => index))
      break
    case 'sentEnd':
      lane.sentEnd = record.how
      break
    case 'deliveredEnd':
      lane.deliveredEnd = record.how
      lane.ends += 1
      break
    case 'edit':
      applyEdit(lane, record, index)
      break
  }
}

function applyEdit(lane: NaiveLane, edit: Extract<LogRecord, { kind: 'edit' }>, index: number): void {
  const from = elementIndex(lane.elements, edit.at)
  const until = elementIndex(lane.elements, edit.at + edit.remove - 1) + 1
  const insert = Array.from(edit.insert, (byte) => ({ byte, edit: index, by: index }))
  const put: Element[] = insert.length > 0 ? insert : [{ edit: index }]
  lane.elements.splice(from, edit.remove > 0 ? until - from : 0, ...put)
  lane.labels.set(index, edit.label)
  if (edit.label === 'dropped') lane.drops.push({ start: edit.at, end: edit.at + edit.remove })
}

/** Index of the element that holds gate byte `offset`, past the marks in front of it; or the end. */
function elementIndex(elements: readonly Element[], offset: number): number {
  let seen = -1
  for (let index = 0; index < elements.length; index += 1) {
    if ('byte' in elements[index]!) seen += 1
    if (seen === offset) return index
  }
  return elements.length
}

export function gateBytes(lane: NaiveLane): number[] {
  return lane.elements.flatMap((element) => ('byte' in element ? [element.byte] : []))
}

/** The record by which each byte of the gate stream arrived. */
export function arrivals(lane: NaiveLane): number[] {
  return lane.elements.flatMap((element) => ('byte' in element ? [element.by] : []))
}

/** The edited places in order, from the bytes and marks that each edit left. */
export function editSpans(lane: NaiveLane): { start: number; end: number; label: EditLabel }[] {
  const spans = new Map<number, { start: number; end: number; label: EditLabel }>()
  let offset = 0
  for (const element of lane.elements) {
    const width = 'byte' in element ? 1 : 0
    if (element.edit >= 0) {
      const start = spans.get(element.edit)?.start ?? offset
      spans.set(element.edit, { start, end: offset + width, label: lane.labels.get(element.edit)! })
    }
    offset += width
  }
  return [...spans.values()]
}

/** Every cursor of a log: between all records, and inside each delivered one. */
export function allCursors(records: readonly LogRecord[]): Cursor[] {
  const inside = records.flatMap((record, index) =>
    Array.from({ length: record.kind === 'delivered' ? record.bytes.length : 1 }, (_, bytes) => ({
      record: index,
      bytes,
    })),
  )
  return [...inside, { record: records.length, bytes: 0 }]
}
