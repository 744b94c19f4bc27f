// A host in memory for looking at the window without an engine: one Upgrade+Hello conversation, stepped by bytes.
// Request, response and both Hellos are the example of draft-montenegro-hybi-upgrade-hello-handshake-00 §4 and §5.
import type { Field, FieldRole } from '../../shared/bytes/field.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import { lanes, receiverOf, senderOf } from '../../shared/bytes/lanes.ts'
import type { BytesView, LadderRow, Leaf, Tone, UnitView } from '../../shared/capture/view.ts'
import type { StateName } from '../../shared/endpoint/types.ts'
import type { UnitKind } from '../../shared/framing/unit.ts'
import type { Answer, AppView, Bridge, Method, Payload, Push, RunView, Settings } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'

interface FakeUnit {
  readonly lane: Lane
  readonly kind: UnitKind
  readonly tone: Tone
  readonly label: string
  readonly preview: string
  readonly bytes: Uint8Array
  readonly start: number
  readonly fields: readonly Field[]
}

const crlf = '\r\n'
const request = `GET /demo HTTP/1.1${crlf}Host: example.com${crlf}Connection: Upgrade${crlf}Sec-WebSocket-Nonce: A23F2BCA452DDE01${crlf}Upgrade: WebSocket${crlf}Origin: http://example.com${crlf}Sec-WebSocket-Draft: 3${crlf}${crlf}`
const response = `HTTP/1.1 101 Switching Protocols${crlf}Upgrade: WebSocket${crlf}Connection: Upgrade${crlf}Sec-WebSocket-Origin: http://example.com${crlf}Sec-WebSocket-Location: ws://example.com/demo${crlf}${crlf}`
const cite = 'hello-00 §8'

function unhex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function headFields(text: string, base: number): readonly Field[] {
  const fields: Field[] = []
  let at = base
  const add = (part: string, role: FieldRole, name: string) => {
    if (part !== '') fields.push({ start: at, end: at + part.length, name, role, value: part.trim() || 'CR LF' })
    at += part.length
  }
  text.split(crlf).forEach((line, index, all) => {
    const colon = line.indexOf(':')
    if (index === 0) add(line, 'start', 'start line')
    else if (colon > 0) {
      add(line.slice(0, colon), 'name', 'name')
      add(': ', 'separator', 'separator')
      add(line.slice(colon + 2), /Nonce/.test(line) ? 'nonce' : 'value', line.slice(0, colon))
    }
    if (index < all.length - 1) add(crlf, 'separator', 'line end')
  })
  return fields
}

function bit(at: number, from: number, to: number, name: string, role: FieldRole, value: string, says = ''): Field {
  return { start: at, end: at + 1, bits: { from, to }, name, role, value, says, cite }
}

function frameFields(bytes: Uint8Array, base: number, parts: readonly [string, FieldRole, number][]): readonly Field[] {
  const opcodes: Record<number, string> = { 15: 'Hello', 4: 'text', 1: 'close' }
  const opcode = (bytes[0] ?? 0) & 15
  let at = base + 2
  return [
    bit(base, 0, 1, 'FIN', 'flag', '1', 'last fragment'),
    ...[1, 2, 3].map((n) => bit(base, n, n + 1, `RSV${n}`, 'flag', '0', 'must be 0')),
    bit(base, 4, 8, 'opcode', 'opcode', `0x${opcode.toString(16).toUpperCase()} ${opcodes[opcode]}`),
    bit(base + 1, 0, 1, 'RSV4', 'flag', '0', 'must be 0'),
    bit(base + 1, 1, 8, 'length', 'length', String(bytes[1]), 'bytes of payload'),
    ...parts.map(([name, role, size]) => {
      const slice = bytes.subarray(at - base, at - base + size)
      const value = role === 'text' ? new TextDecoder().decode(slice) : hexOf(slice)
      const field: Field = { start: at, end: at + size, name, role, value, says: `${size} octets`, cite }
      at += size
      return field
    }),
  ]
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function makeUnits(): readonly FakeUnit[] {
  const length: Record<Lane, number> = { clientToServer: 0, serverToClient: 0 }
  const units: FakeUnit[] = []
  const add = (unit: Omit<FakeUnit, 'start' | 'fields'>, fields: (start: number) => readonly Field[]) => {
    const start = length[unit.lane]
    length[unit.lane] += unit.bytes.length
    units.push({ ...unit, start, fields: fields(start) })
  }
  const head = (lane: Lane, kind: UnitKind, text: string, label: string) =>
    add({ lane, kind, tone: 'http', label, preview: '', bytes: new TextEncoder().encode(text) }, (start) =>
      headFields(text, start),
    )
  const frame = (
    lane: Lane,
    tone: Tone,
    label: string,
    preview: string,
    hex: string,
    parts: [string, FieldRole, number][],
  ) => {
    const bytes = unhex(hex)
    add({ lane, kind: 'frame', tone, label, preview, bytes }, (start) => frameFields(bytes, start, parts))
  }
  head('clientToServer', 'request', request, 'GET /demo')
  head('serverToClient', 'response', response, '101 Switching Protocols')
  frame(
    'serverToClient',
    'hello',
    'Hello',
    'server nonce + proof',
    '8f1815f0d2278bcd457fee7ebe0c369cbf255a4451fc58d7cc4f',
    [
      ['server nonce', 'nonce', 8],
      ['digest', 'digest', 16],
    ],
  )
  frame('clientToServer', 'hello', 'Hello', 'proof', '8f1033122035d11258fd7c764314580e539c', [['digest', 'digest', 16]])
  frame('clientToServer', 'data', 'text', '"Hello"', '840548656c6c6f', [['payload', 'text', 5]])
  frame('serverToClient', 'data', 'text', '"Hello"', '840548656c6c6f', [['payload', 'text', 5]])
  frame('clientToServer', 'close', 'close', '', '8100', [])
  return units
}

const units = makeUnits()
const total = units.reduce((sum, unit) => sum + unit.bytes.length, 0)
const states: Record<'client' | 'server', readonly StateName[]> = {
  client: [
    'AWAITING_RESPONSE',
    'AWAITING_RESPONSE',
    'AWAITING_SERVER_HELLO',
    'OPEN',
    'OPEN',
    'OPEN',
    'OPEN',
    'CLOSE_SENT',
  ],
  server: [
    'AWAITING_REQUEST',
    'AWAITING_CLIENT_HELLO',
    'AWAITING_CLIENT_HELLO',
    'AWAITING_CLIENT_HELLO',
    'OPEN',
    'OPEN',
    'OPEN',
    'CLOSE_RECEIVED',
  ],
}

/** How much of each unit was let through when `bytes` were, in order. */
function deliveredOf(bytes: number): readonly number[] {
  let left = bytes
  return units.map((unit) => {
    const got = Math.max(0, Math.min(unit.bytes.length, left))
    left -= unit.bytes.length
    return got
  })
}

function leavesOf(lane: Lane): readonly Leaf[] {
  return units.filter((unit) => unit.lane === lane).flatMap((unit) => unit.fields)
}

/** A bridge whose only run moves by whole bytes; other commands are refused with a sentence. */
export function createFakeBridge(theme: Settings['theme'] = 'dark', at = 0): Bridge {
  const listeners = new Set<(push: Push) => void>()
  let settings: Settings = { theme, profile: null, layout: {} }
  let cursor = at
  let version = 1

  const done = () => deliveredOf(cursor).filter((got, index) => got === units[index]?.bytes.length).length
  const arrived = () => units.slice(0, done() + 1)
  const laneLength = (lane: Lane) =>
    arrived()
      .filter((unit) => unit.lane === lane)
      .reduce((sum, unit) => sum + unit.bytes.length, 0)
  const laneDelivered = (lane: Lane) =>
    deliveredOf(cursor).reduce((sum, got, index) => (units[index]?.lane === lane ? sum + got : sum), 0)

  function run(): RunView {
    const next = units[done()]
    const lane = (of: Lane) => ({
      sent: laneLength(of),
      delivered: laneDelivered(of),
      held: laneLength(of) - laneDelivered(of),
      sentEnd: null,
      deliveredEnd: null,
    })
    const position = { record: cursor, bytes: 0 }
    return {
      id: 1,
      version,
      title: 'Upgrade+Hello lab, seed 7',
      source: 'lab',
      via: [],
      said: null,
      dialect: 'hello-00',
      live: true,
      activity: 'paused',
      stoppedBy: null,
      cursor: position,
      end: position,
      atEnd: true,
      rowsDone: done(),
      rowsTotal: done(),
      filter: null,
      connectionCount: 1,
      gates: null,
      tap: null,
      startTime: 0,
      elapsed: cursor * 0.0019,
      duration: cursor * 0.0019,
      at: cursor === 0 ? 0 : 1,
      speed: 1,
      connections: [
        {
          id: 0,
          dialect: 'hello-00',
          client: { host: '127.0.0.1', port: 51000 },
          server: { host: '127.0.0.1', port: 4502 },
          seed: 7,
          inProcess: true,
          states: { client: states.client[done()] ?? 'OPEN', server: states.server[done()] ?? 'OPEN' },
          lanes: { clientToServer: lane('clientToServer'), serverToClient: lane('serverToClient') },
        },
      ],
      connection: 0,
      next: next
        ? { lane: next.lane, label: next.label, held: next.bytes.length - (deliveredOf(cursor)[done()] ?? 0) }
        : null,
      breakpoints: [],
      faultCount: 0,
      messageCount: 0,
      segmentCount: 0,
      forkOf: null,
      path: 'hello.pcapng',
      saved: false,
      canBeNamed: false,
      warnings: [],
      notes: [],
    }
  }

  function app(): AppView {
    const table = (role: 'client' | 'server') => {
      const names = [...new Set(states[role])]
      return names.slice(1).map((to, index) => ({
        from: names[index] ?? to,
        trigger: 'receiveHello' as const,
        to,
        cite,
        says: 'It moves on.',
      }))
    }
    return {
      version: '0.1.0',
      host: 'browser',
      runs: [{ id: 1, title: 'Upgrade+Hello lab, seed 7', source: 'lab', live: true, forkOf: null }],
      current: run(),
      recent: [],
      sample: null,
      survival: null,
      opening: null,
      replaying: null,
      settings,
      dialects: [
        {
          id: 'hello-00',
          name: 'Upgrade+Hello',
          document: 'draft-montenegro-hybi-upgrade-hello-handshake-00',
          date: '2010-12-06',
          says: 'Both ends prove that they read the other.',
          pings: true,
          binary: true,
          closeBody: 'opaqueEchoed',
          tables: { client: table('client'), server: table('server') },
        },
      ],
    }
  }

  function rows(): readonly LadderRow[] {
    return arrived().map((unit, index) => ({
      index,
      connection: 0,
      lane: unit.lane,
      kind: unit.kind,
      tone: unit.tone,
      label: unit.label,
      preview: unit.preview,
      span: { start: unit.start, end: unit.start + unit.bytes.length },
      delivered: deliveredOf(cursor)[index] ?? 0,
      complete: true,
      time: index,
    }))
  }

  function bytes({ lane, from, count }: Payload<'bytes'>): BytesView {
    const all = Uint8Array.from(
      arrived()
        .filter((unit) => unit.lane === lane)
        .flatMap((unit) => Array.from(unit.bytes)),
    )
    const leaves = leavesOf(lane).filter((leaf) => leaf.end > from && leaf.start < Math.min(from + count, all.length))
    return {
      lane,
      length: all.length,
      delivered: laneDelivered(lane),
      from,
      bytes: all.slice(from, from + count),
      leaves,
      edits: [],
    }
  }

  function unit({ lane, offset }: Payload<'unit'>): UnitView | null {
    const index = arrived().findIndex(
      (one) => one.lane === lane && offset >= one.start && offset < one.start + one.bytes.length,
    )
    const found = units[index]
    if (!found) return null
    const nonce = {
      kind: 'term' as const,
      label: 'client nonce',
      value: 'a23f2bca452dde01',
      role: 'nonce' as const,
      from: { lane: 'clientToServer' as const, span: { start: 81, end: 97 } },
    }
    const hello = found.tone === 'hello'
    return {
      connection: 0,
      lane,
      dialect: 'hello-00',
      kind: found.kind,
      span: { start: found.start, end: found.start + found.bytes.length },
      complete: true,
      delivered: deliveredOf(cursor)[index] ?? 0,
      time: index,
      title: hello ? 'Hello frame' : found.label,
      says: hello
        ? `The ${senderOf(lane)} proves that it read the other nonce, and asks the ${receiverOf(lane)} to prove the same.`
        : 'What it is for, in a sentence.',
      cite,
      fields: found.fields,
      derivations: hello
        ? [
            {
              title: 'How the digest is made',
              matches: null,
              note: 'The draft says 41 octets are hashed; its own example only matches these 25.',
              parts: [
                { kind: 'text', text: 'MD5( ' },
                nonce,
                { kind: 'newline' },
                { kind: 'text', text: '   + ' },
                { kind: 'term', label: '9 octets', value: '"WebSocket"', role: 'value' },
                { kind: 'newline' },
                { kind: 'text', text: '   + ' },
                { ...nonce, label: 'server nonce )', value: '15f0d2278bcd457f' },
                { kind: 'newline' },
                { kind: 'text', text: '= ' },
                { kind: 'term', label: '', value: 'ee7ebe0c369cbf255a4451fc58d7cc4f', role: 'digest' },
              ],
            },
          ]
        : [],
      layers: [
        { name: 'wire', bytes: found.bytes, at: found.start },
        ...(found.kind === 'frame' ? [] : [{ name: 'text' as const, bytes: found.bytes, at: found.start }]),
      ],
      faults: [],
      next: `It waits for all ${found.bytes.length} bytes. If the digest is wrong it drops the connection and never reports it open.`,
    }
  }

  function moveTo(next: number): Result<Answer<'command'>> {
    cursor = Math.max(0, Math.min(total, next))
    version += 1
    for (const listener of listeners) listener({ kind: 'run', run: run() })
    return success({ lines: [], run: run() })
  }

  function command({ line }: Payload<'command'>): Result<Answer<'command'>> {
    const [, what, count = '1'] = /^step (unit|byte) ?(\d*)/.exec(line) ?? []
    const now = units[done()]
    if (what === 'byte') return moveTo(cursor + Number(count || '1'))
    if (what === 'unit') return moveTo(cursor + (now ? now.bytes.length - (deliveredOf(cursor)[done()] ?? 0) : 0))
    if (line === 'back') return moveTo(0)
    return failure(`This stand-in knows only steps and back, not "${line}".`)
  }

  const noSockets = () => failure('This stand-in connects to nobody.')
  const answers: { readonly [M in Method]: (payload: Payload<M>) => Result<Answer<M>> } = {
    app: () => success(app()),
    together: ({ questions }) =>
      success({ answers: questions.map(({ method, payload }) => answers[method as Method](payload as never)) }),
    command,
    complete: () => success({ from: 0, options: ['step unit', 'step byte'] }),
    matches: () => success({ total: 0, rows: [] }),
    find: () => success({ problem: null, total: 0, row: null, hits: [], searched: 0, of: 0 }),
    rows: ({ from, count }) => success({ total: rows().length, rows: rows().slice(from, from + count) }),
    bytes: (payload) => success(bytes(payload)),
    unit: (payload) => success(unit(payload)),
    text: () => success(null),
    messages: () => success({ total: 0, rows: [] }),
    faults: () => success({ total: 0, rows: [] }),
    segments: () => success({ total: 0, rows: [] }),
    transitions: () => success({ total: 0, rows: [] }),
    connections: () => success({ total: 0, rows: [] }),
    replayed: () => success(null),
    replayRows: () => success({ rows: [] }),
    compare: () => failure('This stand-in has no labs to compare.'),
    timeline: () =>
      success({
        marks: lanes.map((lane, index) => ({
          cursor: { record: index, bytes: 0 },
          time: 0,
          at: 0.3 + index / 3,
          tone: 'http' as const,
          lane,
          label: lane,
        })),
      }),
    pickFile: () => success({ path: null }),
    settings: (change) => {
      settings = { ...settings, ...change }
      return success(settings)
    },
    draftOpen: noSockets,
    draftSend: noSockets,
    draftClose: noSockets,
    draftAbort: noSockets,
    draftTook: noSockets,
  }
  return {
    request: async (method, payload) => answers[method](payload),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
