// Small views to test with: what matters is given, the rest is plain.
import type { Field } from '../../shared/bytes/field.ts'
import type { BytesView, ConnectionView, LadderRow, LaneView, UnitView } from '../../shared/capture/view.ts'
import type { RunView } from '../../shared/ipc/contract.ts'

const address = { host: '127.0.0.1', port: 4502 }

export function laneView(part: Partial<LaneView> = {}): LaneView {
  return { sent: 0, delivered: 0, held: 0, sentEnd: null, deliveredEnd: null, ...part }
}

export function connectionView(part: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: 0,
    dialect: 'hello-00',
    client: address,
    server: address,
    inProcess: true,
    states: { client: 'OPEN', server: 'OPEN' },
    lanes: { clientToServer: laneView(), serverToClient: laneView() },
    ...part,
  }
}

export function runView(part: Partial<RunView> = {}): RunView {
  return {
    id: 1,
    version: 1,
    title: 'a run',
    source: 'lab',
    dialect: 'hello-00',
    live: true,
    activity: 'paused',
    stoppedBy: null,
    cursor: { record: 3, bytes: 0 },
    end: { record: 3, bytes: 0 },
    atEnd: true,
    rowsDone: 0,
    rowsTotal: 0,
    filter: null,
    connectionCount: 1,
    gates: null,
    tap: null,
    startTime: 0,
    elapsed: 0,
    duration: 0,
    at: 1,
    speed: 1,
    connections: [connectionView()],
    connection: 0,
    canBeNamed: false,
    via: [],
    said: null,
    next: { lane: 'clientToServer', label: 'GET /demo', held: 10 },
    breakpoints: [],
    faultCount: 0,
    messageCount: 0,
    segmentCount: 0,
    forkOf: null,
    path: 'a.pcapng',
    saved: false,
    warnings: [],
    notes: [],
    ...part,
  }
}

/** A run whose connection has let that many bytes through on each lane. */
export function runWith(clientToServer: number, serverToClient: number, part: Partial<RunView> = {}): RunView {
  const lanes = {
    clientToServer: laneView({ delivered: clientToServer }),
    serverToClient: laneView({ delivered: serverToClient }),
  }
  return runView({ connections: [connectionView({ lanes })], ...part })
}

export function ladderRow(part: Partial<LadderRow> = {}): LadderRow {
  return {
    index: 0,
    connection: 0,
    lane: 'clientToServer',
    kind: 'frame',
    tone: 'data',
    label: 'text',
    preview: '"hello"',
    span: { start: 0, end: 10 },
    delivered: 10,
    complete: true,
    time: 0,
    ...part,
  }
}

export function field(name: string, start: number, end: number, part: Partial<Field> = {}): Field {
  return { name, start, end, role: 'value', value: name, ...part }
}

export function unitView(part: Partial<UnitView> = {}): UnitView {
  return {
    connection: 0,
    lane: 'clientToServer',
    dialect: 'hello-00',
    kind: 'frame',
    span: { start: 100, end: 110 },
    complete: true,
    delivered: 10,
    time: 0,
    title: 'Text frame',
    says: 'A message.',
    cite: 'hello-00 §9',
    fields: [],
    derivations: [],
    layers: [],
    faults: [],
    next: '',
    ...part,
  }
}

export function bytesView(part: Partial<BytesView> = {}): BytesView {
  const bytes = part.bytes ?? new Uint8Array(40)
  return { lane: 'clientToServer', length: bytes.length, delivered: 20, from: 0, leaves: [], edits: [], ...part, bytes }
}
