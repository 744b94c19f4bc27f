// What the columns differ in, one sentence each, made from what was counted in them.
import { shorten } from '../bytes/ascii.ts'
import { lanes, senderOf } from '../bytes/lanes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Column } from './compare.ts'
import { type FirstByte, firstByteBehindHead, type Measures, measure, proofsOf, tripsText } from './measures.ts'
import type { ComparedPhase } from './types.ts'

/** Nothing when all columns are alike. What is the same of a line that the scenario repeats is said once. */
export function differencesOf(columns: readonly Column[], phases: readonly ComparedPhase[]): readonly string[] {
  const measured = columns.map((column) => ({ column, measures: measure(column) }))
  const sentences = [
    ...proofs(measured),
    ...waiting(measured),
    ...masking(measured),
    ...lacking(columns, phases),
    ...refusals(columns, phases),
    ...lengths(columns, phases),
    ...httpShares(measured),
    ...mistakable(columns),
  ]
  return [...new Set(sentences)]
}

interface Measured {
  readonly column: Column
  readonly measures: Measures
}

type Differences = readonly string[]

/** `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** `7 bytes in hello-00 and hybi-03; 11 bytes in rfc6455`; empty when all say the same. */
function byValue(columns: readonly Column[], text: (index: number) => string): string {
  const groups = new Map<string, string[]>()
  columns.forEach(({ dialect }, index) => {
    groups.set(text(index), [...(groups.get(text(index)) ?? []), dialect.id])
  })
  if (groups.size < 2) return ''
  return [...groups].map(([value, ids]) => `${value} in ${listed(ids)}`).join('; ')
}

/** A line of the scenario, no longer than it takes to know it again. */
export function shortLine(line: string): string {
  return shorten(line, 60)
}

function quoted(line: string): string {
  return `“${shortLine(line)}”`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function proofs(measured: readonly Measured[]): Differences {
  const behind = measured.filter(({ measures }) => measures.proof > 0)
  const inside = measured.filter(({ measures }) => measures.proof === 0).map(({ column }) => column.dialect)
  if (inside.length === 0 && new Set(measured.map(({ measures }) => measures.proof)).size < 2) return []
  const said = new Map<string, string[]>()
  for (const { column } of behind)
    said.set(proofText(column), [...(said.get(proofText(column)) ?? []), column.dialect.id])
  const sentences = [...said].map(([text, ids]) => `${listed(ids)} ${ids.length === 1 ? 'sends' : 'send'} ${text}`)
  const ways = [true, false].flatMap((hashes) =>
    waysOf(
      inside.filter((one) => hashesKey(one) === hashes),
      hashes,
    ),
  )
  // What is done instead belongs to the one sentence it is the contrast to.
  if (sentences.length === 1) return [`${[...sentences, ...ways].join('; ')}.`]
  if (sentences.length === 0 && ways.length < 2) return []
  return [...sentences.map((sentence) => `${sentence}.`), ...(ways.length > 0 ? [`${ways.join('; ')}.`] : [])]
}

/** `44 bytes behind the heads to prove …: 26 from the server (Hello) and 18 from the client (Hello)`. */
function proofText(column: Column): string {
  const cells = proofsOf(column)
  const parts = cells.map(({ size, lane, label }) => `${size} from the ${senderOf(lane)} (${label})`)
  const total = cells.reduce((sum, { size }) => sum + size, 0)
  return `${counted(total, 'byte')} behind the heads to prove that both ends took part: ${listed(parts)}`
}

function hashesKey({ handshake }: Dialect): boolean {
  return handshake.challenge === 'acceptHash' || handshake.challenge === 'acceptHashAndNonce'
}

/** How dialects with nothing behind their heads prove that a server took part. */
function waysOf(dialects: readonly Dialect[], hashKey: boolean): readonly string[] {
  if (dialects.length === 0) return []
  const verb = dialects.length === 1 ? 'proves' : 'prove'
  const how = hashKey ? 'the same with one field of the response, Sec-WebSocket-Accept' : 'nothing'
  return [`${listed(dialects.map(({ id }) => id))} ${verb} ${how}`]
}

function waiting(measured: readonly Measured[]): Differences {
  const columns = measured.map(({ column }) => column)
  return (['client', 'server'] as const).flatMap((role) => {
    const groups = byValue(columns, (index) => tripsText(measured[index]!.measures.crossings[role]))
    return groups === '' ? [] : [`The ${role} may send its first message after ${groups}.`]
  })
}

function masking(measured: readonly Measured[]): Differences {
  const masked = measured.filter(({ measures }) => measures.maskedFrames > 0)
  const clear = measured.filter(({ measures }) => measures.maskedFrames === 0)
  if (masked.length === 0 || clear.length === 0) return []
  const groups = byValue(
    masked.map(({ column }) => column),
    (index) => keysText(masked[index]!.measures),
  )
  const cost = groups || `${keysText(masked[0]!.measures)} in ${listed(masked.map(({ column }) => column.dialect.id))}`
  const ids = clear.map(({ column }) => column.dialect.id)
  return [
    `Masking costs ${cost}; ${listed(ids)} ${ids.length === 1 ? 'sends' : 'send'} the same bytes as they were said.`,
  ]
}

function keysText({ keyBytes, maskedFrames }: Measures): string {
  return `${counted(keyBytes, 'byte')} of keys for ${counted(maskedFrames, 'frame')}`
}

function lacking(columns: readonly Column[], phases: readonly ComparedPhase[]): Differences {
  return phases.flatMap(({ line, results }) => {
    const lacks = results.flatMap((result, index) =>
      result.kind === 'lacking' ? [`${columns[index]!.dialect.id} ${result.says}`] : [],
    )
    return lacks.length === 0 || lacks.length === columns.length ? [] : [`${quoted(line)}: ${lacks.join('; ')}.`]
  })
}

/** What an end would not do, and why, also where all columns agree: nothing else says it. */
function refusals(columns: readonly Column[], phases: readonly ComparedPhase[]): Differences {
  return phases.flatMap(({ line, results }) => {
    const said = new Map<string, string[]>()
    results.forEach((result, index) => {
      if (result.kind !== 'refused') return
      said.set(result.says, [...(said.get(result.says) ?? []), columns[index]!.dialect.id])
    })
    return [...said].map(([says, ids]) => `${quoted(line)} is refused in ${listed(ids)}: ${says}`)
  })
}

/** Phases that take more bytes in some columns than in others. */
function lengths(columns: readonly Column[], phases: readonly ComparedPhase[]): Differences {
  return phases.flatMap(({ line, bytes, results, rows }) => {
    const did = columns.flatMap((_, index) => (results[index]!.kind === 'done' ? [index] : []))
    const keys = did.map((index) => rows.reduce((sum, { cells }) => sum + (cells[index]?.keyBytes ?? 0), 0))
    const text = (place: number) => {
      const { clientToServer, serverToClient } = bytes[did[place]!]!
      const ofKeys = keys[place]! > 0 ? `, ${keys[place]} of them masking keys,` : ''
      return `${counted(clientToServer + serverToClient, 'byte')}${ofKeys}`
    }
    const groups = byValue(
      did.map((index) => columns[index]!),
      text,
    )
    return groups === '' ? [] : [`${quoted(line)} takes ${groups}.`]
  })
}

function httpShares(measured: readonly Measured[]): Differences {
  const groups = byValue(
    measured.map(({ column }) => column),
    (index) => `${measured[index]!.measures.http} of ${measured[index]!.measures.bytes} bytes`,
  )
  return groups === '' ? [] : [`A proxy that knows HTTP only can read ${groups}; it cannot tell what the rest is.`]
}

/** Where the first byte behind a head could begin another message of HTTP, here or with other dice, and elsewhere cannot. */
function mistakable(columns: readonly Column[]): Differences {
  return lanes.flatMap((lane) => {
    const first = columns.flatMap((column) => {
      const byte = firstByteBehindHead(column, lane)
      return byte ? [{ ...byte, id: column.dialect.id }] : []
    })
    const risky = first.filter(({ byChance, couldBeginHead }) => byChance || couldBeginHead)
    if (risky.length === 0 || risky.length === first.length) return []
    const certain = listed(first.filter((one) => !risky.includes(one)).map(({ id }) => id))
    const sentence = `Behind the ${senderOf(lane)}’s head, an HTTP parser that reads on could take what follows for another message`
    return [`${sentence} in ${listed(risky.map(riskText))}; in ${certain} the first byte rules that out.`]
  })
}

/** `hixie-76 (0x6d by chance)`. */
function riskText({ id, hex, byChance }: FirstByte & { readonly id: string }): string {
  return `${id} (${hex}${byChance ? ' by chance' : ''})`
}
