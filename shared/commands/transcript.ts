// What commands print, as lines: pure text from views. The window colours them, a terminal may.

import type { Field } from '../bytes/field.ts'
import { type Lane, laneName, lanes, senderOf } from '../bytes/lanes.ts'
import { formatAddress, tapUrl } from '../capture/addresses.ts'
import type { Address } from '../capture/record.ts'
import type {
  BytesView,
  ConnectionView,
  FaultView,
  LadderRow,
  MessageView,
  SegmentView,
  TransitionView,
  UnitView,
} from '../capture/view.ts'
import type { AppView, ConsoleLine, DialectView, RecentSession, RunView } from '../ipc/contract.ts'
import type { GateView } from '../ipc/live.ts'
import { type ProfileId, restrictions } from '../profile/prototype2010.ts'
import { groups } from './command.ts'
import type { Breakpoint } from './expression.ts'
import { type CommandName, commandNamed, commandsOn, usage } from './registry.ts'

export function plain(text: string): ConsoleLine {
  return { tone: 'plain', text }
}

export function dim(text: string): ConsoleLine {
  return { tone: 'dim', text }
}

export function faultLine(text: string): ConsoleLine {
  return { tone: 'fault', text }
}

function heading(text: string): ConsoleLine {
  return { tone: 'heading', text }
}

/** `1 byte`, `3 bytes`, `1,024 bytes`. */
export function counted(count: number, singular: string): string {
  return `${grouped(count)} ${singular}${count === 1 ? '' : 's'}`
}

/** What happened on the wire: rows that were let through, with the moves each made, then moves nothing on a lane caused. */
export function wireLines(rows: readonly LadderRow[], transitions: readonly TransitionView[]): ConsoleLine[] {
  const moves = transitions.filter(({ from, to }) => from !== to)
  const told = new Set<TransitionView>()
  const lines = rows.map((row) => {
    const caused = moves.filter((transition) => !told.has(transition) && isCause(transition, row))
    for (const transition of caused) told.add(transition)
    return rowLine(row, caused)
  })
  const others = moves.filter((transition) => !told.has(transition))
  return [...lines, ...others.map((transition) => dim(`${move(transition)}  (${transition.trigger})`))]
}

function isCause({ cause }: TransitionView, { lane, span }: LadderRow): boolean {
  return cause?.lane === lane && cause.span.start >= span.start && cause.span.start < Math.max(span.end, span.start + 1)
}

/** `server → client  101 Switching Protocols  166 B   client: AWAITING_RESPONSE → AWAITING_SERVER_HELLO` */
export function rowLine(row: LadderRow, transitions: readonly TransitionView[]): ConsoleLine {
  const size = row.span.end - row.span.start
  const progress = row.delivered < size ? `${grouped(row.delivered)} of ${grouped(size)} B` : `${grouped(size)} B`
  const what = [laneName(row.lane), row.label, row.preview, isUnit(row) ? progress : '', row.edited ?? ''].filter(
    Boolean,
  )
  const moves = transitions.map((transition) => `   ${move(transition)}`).join('')
  const fault = row.fault ? `   ${row.fault.code}` : ''
  return {
    tone: row.fault?.severity === 'violation' ? 'fault' : senderOf(row.lane),
    text: what.join('  ') + moves + fault,
  }
}

function isUnit({ kind }: LadderRow): boolean {
  return kind !== 'fin' && kind !== 'reset'
}

function move({ role, from, to }: TransitionView): string {
  return `${role}: ${from} → ${to}`
}

export function faultLines(faults: readonly FaultView[]): ConsoleLine[] {
  return faults.flatMap((fault) => [
    faultLine(`${fault.severity}  ${fault.code}  ${laneName(fault.lane)} ${range(fault.span)}  ${fault.says}`),
    dim(`  ${fault.consequence} ${fault.remedy} (${fault.cite})`),
  ])
}

/** Where a run stands: `run 1  Upgrade+Hello  paused at record 12 of 40   client: OPEN   server: OPEN`. */
export function standingLines(run: RunView): ConsoleLine[] {
  const shown = run.connections.find(({ id }) => id === run.connection)
  const states = shown ? `   client: ${shown.states.client}   server: ${shown.states.server}` : ''
  const place = `${run.cursor.record}${run.cursor.bytes > 0 ? `:${run.cursor.bytes}` : ''}`
  const why = run.stoppedBy ? `   stopped by ${run.stoppedBy}` : ''
  return [dim(`${run.activity} at record ${place} of ${run.end.record}${states}${why}`)]
}

/** Where a tap listens and what its lanes do: `listening on ws://127.0.0.1:4503/ for ws://127.0.0.1:4502/`. */
export function tapLines({ tap, connection, gates }: RunView): ConsoleLine[] {
  if (tap === null) return []
  const { listening, upstream, modes } = tap
  const where = listening === null ? 'not listening any more' : listeningText(listening, upstream)
  const lane = (on: Lane) => `${senderOf(on)} ${gates ? gateText(gates[on]) : modes[on]}`
  const whose = gates ? `connection ${connection}` : 'new connections'
  return [plain(where), dim(`${whose}: ${lanes.map(lane).join(', ')}`)]
}

function listeningText(at: Address, upstream: string | null): string {
  return upstream === null
    ? `listening on ${formatAddress(at)} as an HTTP proxy`
    : `listening on ${tapUrl(at, upstream)} for ${upstream}`
}

function gateText({ mode, stopped, delay, rate, segments }: GateView): string {
  const shaped = [
    delay > 0 && `${delay} ms later`,
    rate !== null && `${grouped(rate)} bytes a second`,
    segments !== 'asArrived' && `segments: ${segments}`,
  ].filter(Boolean)
  return [stopped ? 'held by a breakpoint' : mode, ...shaped].join(', ')
}

/** What opened: `ws://127.0.0.1:4502/demo, seed 7, both ends in process, lanes held`. */
export function openedLines(run: RunView): ConsoleLine[] {
  const lines = run.connections.flatMap((connection) => [
    plain(connectionText(run, connection)),
    ...(connection.detection ? [dim(`  ${connection.detection.says}`)] : []),
  ])
  return [...tapLines(run), ...lines, ...run.warnings.map(faultLine), ...run.notes.map(dim)]
}

function connectionText({ live }: RunView, connection: ConnectionView): string {
  const { dialect, policy, url, client, server, seed, inProcess } = connection
  const where = url ?? `${client.host}:${client.port} to ${server.host}:${server.port}`
  const from = seed === undefined ? '' : `, seed ${seed}`
  return `${policy ? 'socket policy' : dialect}  ${where}${from}${inProcess ? ', both ends in process' : ''}${live ? ', lanes held' : ', recorded'}`
}

export function runLines(app: AppView): ConsoleLine[] {
  if (app.runs.length === 0) return [dim('No run is open: lab starts one.')]
  return app.runs.map(({ id, title, source, live }) => {
    const shown = id === app.current?.id ? '*' : ' '
    return plain(`${shown} ${id}  ${title}  ${source}${live ? ', live' : ''}`)
  })
}

export function sessionLines(recent: readonly RecentSession[]): ConsoleLine[] {
  if (recent.length === 0) return [dim('There are no sessions yet: every lab run is recorded as one.')]
  return recent.map(({ path, dialect, time, size }) =>
    plain(`${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}  ${dialect}  ${grouped(size)} B  ${path}`),
  )
}

export function breakpointLines(breakpoints: readonly Breakpoint[]): ConsoleLine[] {
  if (breakpoints.length === 0) return [dim('There are no breakpoints: break add CONDITION adds one.')]
  return breakpoints.map(({ id, enabled, text }) => plain(`${id}  ${text}${enabled ? '' : '  (off)'}`))
}

export function messageLines(messages: readonly MessageView[]): ConsoleLine[] {
  return messages.map(({ lane, type, preview, size, fragments }) => {
    const cut = fragments > 1 ? `  ${fragments} fragments` : ''
    return { tone: senderOf(lane), text: `${laneName(lane)}  ${type}  ${grouped(size)} B${cut}  ${preview}` }
  })
}

export function segmentLines(segments: readonly SegmentView[]): ConsoleLine[] {
  return segments.map(({ record, side, lane, end, size, says }) => {
    const tone = lane ? senderOf(lane) : (end ?? 'plain')
    const where = lane ? `  ${laneName(lane)}` : ''
    return { tone, text: `${record}  ${side}${where}${size > 0 ? `  ${grouped(size)} B` : ''}  ${says}` }
  })
}

export function stateLines(connection: ConnectionView, transitions: readonly TransitionView[]): ConsoleLine[] {
  const now = (['client', 'server'] as const).map(
    (role): ConsoleLine => ({ tone: role, text: `${role}: ${connection.states[role]}` }),
  )
  return [...transitions.map((made) => dim(`${move(made)}  (${made.trigger}, ${made.cite})`)), ...now]
}

/** A hex dump, sixteen bytes a line; what is held is told apart by a line of its own. */
export function byteLines(view: BytesView): ConsoleLine[] {
  const tone = senderOf(view.lane)
  const lines: ConsoleLine[] = [
    heading(`${laneName(view.lane)}  ${counted(view.length, 'byte')}, ${grouped(view.delivered)} delivered`),
  ]
  for (let at = 0; at < view.bytes.length; at += 16) {
    const from = view.from + at
    if (from <= view.delivered && view.delivered < from + 16) lines.push(dim(`held from 0x${hexOf(view.delivered, 4)}`))
    lines.push({ tone, text: `${hexOf(from, 4)}  ${dumpRow(view.bytes.subarray(at, at + 16))}` })
  }
  const left = view.length - view.from - view.bytes.length
  return left > 0
    ? [...lines, dim(`${counted(left, 'byte')} more: show bytes ${tone} ${view.from + view.bytes.length}`)]
    : lines
}

function dumpRow(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => hexOf(byte, 2)).join(' ')
  const text = Array.from(bytes, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
  return `${digits.padEnd(47)}  ${text}`
}

/** All there is to say about a unit, with its fields as a tree. */
export function unitLines(unit: UnitView): ConsoleLine[] {
  const held = unit.delivered < unit.span.end - unit.span.start ? `, ${grouped(unit.delivered)} delivered` : ''
  const derived = unit.derivations.map(({ title, matches }) =>
    dim(`${title}: ${matches === null ? 'not all there yet' : matches ? 'matches' : 'does not match'}`),
  )
  return [
    heading(`${unit.title}  ${laneName(unit.lane)} ${range(unit.span)}${held}  ${unit.cite}`),
    dim(unit.says),
    ...unit.fields.flatMap((field) => fieldLines(field, 1)),
    ...derived,
    ...faultLines(unit.faults),
    dim(unit.next),
  ].filter(({ text }) => text !== '')
}

function fieldLines(field: Field, depth: number): ConsoleLine[] {
  const bits = field.bits ? ` bits ${field.bits.from}-${field.bits.to - 1}` : ''
  const says = field.says ? `  ${field.says}` : ''
  const own = plain(`${'  '.repeat(depth)}${range(field)}${bits}  ${field.name}  ${field.value}${says}`)
  return [own, ...(field.children ?? []).flatMap((child) => fieldLines(child, depth + 1))]
}

export function dialectLines(dialects: readonly DialectView[]): ConsoleLine[] {
  return dialects.flatMap(({ id, name, document, date, says }) => [
    plain(`${id}  ${name}  ${document}, ${date}`),
    dim(`  ${says}`),
  ])
}

/** The list of all commands, or everything about one. */
export function helpLines(name: CommandName | null): ConsoleLine[] {
  return name === null ? groups.flatMap(groupLines) : commandLines(name)
}

function groupLines(group: (typeof groups)[number]): ConsoleLine[] {
  const names = commandsOn('console').filter((name) => commandNamed(name).group === group)
  const lines = names.map((name) =>
    plain(`  ${name.padEnd(14)}${(commandNamed(name).key ?? '').padEnd(11)}${commandNamed(name).help}`),
  )
  return names.length > 0 ? [heading(group), ...lines] : []
}

function commandLines(name: CommandName): ConsoleLine[] {
  const { help, key, args, options, examples } = commandNamed(name)
  const all = [
    ...Object.entries(args).map(([, arg]) => [arg.hint, arg] as const),
    ...Object.entries(options)
      .filter(([, option]) => option.only !== 'cli')
      .map(([option, arg]) => [`--${option} ${arg.hint}`.trim(), arg] as const),
  ]
  return [
    heading(usage(name, 'console')),
    plain(help + (key ? ` Key: ${key}.` : '')),
    ...all.map(([written, arg]) => plain(`  ${written.padEnd(22)}  ${arg.says}`)),
    ...examples.map((example) => dim(`  ${example}`)),
  ]
}

function range({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${start}-${end}`
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** What new runs keep to, each restriction with its reason. */
export function profileLines(profile: ProfileId | null): ConsoleLine[] {
  if (profile === null) return [dim('New runs do everything their dialect has')]
  const rules = Object.values(restrictions).map(({ title, why }) => plain(`${title}: ${why}`))
  return [heading('New runs keep to what the prototype of December 2010 could do'), ...rules]
}
