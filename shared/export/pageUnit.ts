// One unit on the page: what it is for, its bytes in the colours of its fields, the fields, formulas and faults.
import { shorten } from '../bytes/ascii.ts'
import type { Field, FieldRole } from '../bytes/field.ts'
import { toHex } from '../bytes/hex.ts'
import { senderOf } from '../bytes/lanes.ts'
import type { BitRange } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { CaptureReader } from '../capture/types.ts'
import type { Derivation, FaultView, FormulaPart, LadderRow, Layer, UnitView } from '../capture/view.ts'
import { unitView } from '../capture/views.ts'
import { leavesOf } from '../endpoint/describe.ts'
import { text } from './html.ts'

/** Bytes of a unit, bytes of each of its layers, and rows of its fields that are shown, at most. */
export const mostUnitBytes = 512
const mostLayerBytes = 2_048
const mostFields = 200
const longestValue = 400
const bytesInLine = 16

/** What the sections of units are called. */
export function anchorOf({ connection, index }: Pick<LadderRow, 'connection' | 'index'>): string {
  return `c${connection}r${index}`
}

/** The section of a row that is a unit. */
export function unitSection(capture: CaptureReader, row: LadderRow): string {
  const view = unitView(capture, row.connection, capture.end, row.lane, row.span.start)
  if (view === null) return ''
  const size = view.span.end - view.span.start
  return `<article class="unit" id="${anchorOf(row)}">
<header><h3>${text(view.title)}</h3><span class="of-${senderOf(view.lane)}">from the ${senderOf(view.lane)}</span>
<span class="dim">bytes ${view.span.start} to ${view.span.end}, ${size} in all</span></header>
<p>${text(view.says)} <span class="dim">${text(view.cite)}</span></p>
${view.faults.map(faultPart).join('')}
${bytesPart(capture, view)}
${fieldsPart(view)}
${view.derivations.map(derivationPart).join('')}
${view.layers
  .filter(({ name }) => name !== 'wire')
  .map(layerPart)
  .join('')}
<p class="dim">${text(view.next)}</p></article>\n`
}

function faultPart({ says, cite, consequence, remedy }: FaultView): string {
  return `<p class="fault">\u26a0 ${text(says)} <span class="dim">${text(cite)}</span></p><p class="dim">${text(consequence)} ${text(remedy)}</p>`
}

function bytesPart(capture: CaptureReader, { connection, lane, span, fields }: UnitView): string {
  const end = Math.min(span.end, span.start + mostUnitBytes)
  const bytes = capture.connection(connection).readGate(lane, capture.end, span.start, end)
  const roles = rolesOf(fields, span.start, bytes.length)
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += bytesInLine) {
    lines.push(hexLine(bytes.subarray(at, at + bytesInLine), roles.slice(at, at + bytesInLine), span.start + at))
  }
  const more = span.end > end ? `<p class="dim">${span.end - end} more bytes are not shown.</p>` : ''
  return `<pre>${lines.join('\n')}</pre>${more}`
}

/** The role of the field that each byte is in, or begins in. */
function rolesOf(fields: readonly Field[], start: number, length: number): FieldRole[] {
  const roles = new Array<FieldRole>(length).fill('junk')
  for (const leaf of [...leavesOf(fields)].reverse()) {
    roles.fill(leaf.role, Math.max(0, leaf.start - start), Math.max(0, Math.min(length, leaf.end - start)))
  }
  return roles
}

function hexLine(bytes: Uint8Array, roles: readonly FieldRole[], offset: number): string {
  const hex = runsOf(roles).map(({ role, from, to }) => coloured(role, toHex(bytes.subarray(from, to), ' ')))
  const ascii = runsOf(roles).map(({ role, from, to }) => coloured(role, printable(bytes.subarray(from, to))))
  const gap = ' '.repeat((bytesInLine - bytes.length) * 3 + 2)
  return `<span class="dim">${offset.toString(16).padStart(6, '0')}</span>  ${hex.join(' ')}${gap}${ascii.join('')}`
}

function runsOf(roles: readonly FieldRole[]): { role: FieldRole; from: number; to: number }[] {
  const runs: { role: FieldRole; from: number; to: number }[] = []
  roles.forEach((role, at) => {
    const last = runs.at(-1)
    if (last?.role === role) last.to = at + 1
    else runs.push({ role, from: at, to: at + 1 })
  })
  return runs
}

function coloured(role: FieldRole, shown: string): string {
  return `<span class="role-${role}">${text(shown)}</span>`
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\u00b7')).join('')
}

function fieldsPart({ fields, span }: UnitView): string {
  const rows = fieldRows(fields, 0)
  const more =
    rows.length > mostFields ? `<p class="dim">${rows.length - mostFields} more fields are not shown.</p>` : ''
  const body = rows
    .slice(0, mostFields)
    .map(({ field, depth }) => fieldRow(field, depth, span.start))
    .join('')
  return `<table><thead><tr><th scope="col">Field</th><th scope="col">Bytes</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead><tbody>${body}</tbody></table>${more}`
}

interface Row {
  readonly field: Field
  readonly depth: number
}

function fieldRows(fields: readonly Field[], depth: number): Row[] {
  return fields.flatMap((field) => [{ field, depth }, ...fieldRows(field.children ?? [], depth + 1)])
}

function fieldRow(
  { name, role, start, end, bits, value, says = '', cite = '' }: Field,
  depth: number,
  base: number,
): string {
  const place = bits ? `${start - base}, ${bitsSays(bits)}` : `${start - base}\u2013${end - base - 1}`
  return `<tr><td class="in-${Math.min(3, depth)} role-${role}">${text(name)}</td><td class="dim mono">${place}</td><td class="mono">${text(shorten(value, longestValue))}</td><td>${text(says)} <span class="dim">${text(cite)}</span></td></tr>`
}

function bitsSays({ from, to }: BitRange): string {
  return to - from === 1 ? `bit ${from}` : `bits ${from}\u2013${to - 1}`
}

function derivationPart({ title, parts, matches, note }: Derivation): string {
  const verdict = matches === null ? '' : matches ? ' \u2013 it matches' : ' \u2013 it does not match'
  return `<p>${text(title)}${verdict}</p><pre class="wrap">${parts.map(formulaPart).join('')}</pre>${note === undefined ? '' : `<p class="dim">${text(note)}</p>`}`
}

function formulaPart(part: FormulaPart): string {
  switch (part.kind) {
    case 'text':
      return text(part.text)
    case 'newline':
      return '\n'
    case 'term':
      return `<span class="role-${part.role}">${text(shorten(part.value, longestValue))}</span> ${text(part.label)}`
    default:
      return unreachable(part)
  }
}

function layerPart({ name, bytes, why }: Layer): string {
  const shown = bytes.subarray(0, mostLayerBytes)
  const content = name === 'text' ? decodeUtf8(shown) : toHex(shown, ' ')
  const more = bytes.length > shown.length ? `, the first ${shown.length} bytes` : ''
  return `<p class="dim">${name}${more}${why === undefined ? '' : `: ${text(why)}`}</p><pre class="wrap">${text(content)}</pre>`
}
