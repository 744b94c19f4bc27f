// Subprotocol names and lists of them. Each dialect names its rule.
import { trimSpace } from '../bytes/ascii.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'

export type SubprotocolRule = Dialect['handshake']['subprotocols']

export interface SubprotocolList {
  readonly names: readonly string[]
  /** Everything that breaks the rule, in order; `at` is an index in the text. */
  readonly problems: readonly SubprotocolProblem[]
}

export interface SubprotocolProblem {
  readonly reason: 'character' | 'emptyName' | 'duplicate'
  readonly at: number
}

/**
 * Reads the value of `Sec-WebSocket-Protocol`. Names keep their order: the client's order of preference. `before`: the
 * names of earlier fields of the same head, which count as offered.
 */
export function parseSubprotocols(
  rule: SubprotocolRule,
  text: string,
  before: readonly string[] = [],
): SubprotocolList {
  const names: string[] = []
  const problems: SubprotocolProblem[] = []
  for (const item of itemsOf(rule, text)) {
    const bad = item.name === '' ? -1 : badCharacter(rule, item.name)
    if (item.name === '') problems.push({ reason: 'emptyName', at: item.at })
    else if (bad >= 0) problems.push({ reason: 'character', at: item.at + bad })
    else if (before.includes(item.name) || names.includes(item.name))
      problems.push({ reason: 'duplicate', at: item.at })
    if (item.name !== '') names.push(item.name)
  }
  return { names, problems }
}

/** The value of `Sec-WebSocket-Protocol` that offers these names. */
export function formatSubprotocols(rule: SubprotocolRule, names: readonly string[]): string {
  return names.join(separatorOf(rule))
}

/** Index of the first character a name may not have, or -1. */
export function badCharacter(rule: SubprotocolRule, name: string): number {
  switch (rule) {
    case 'oneString':
      return name.search(/[^ -~]/) // hixie-76 §4.1
    case 'spaceSeparatedStrings':
      return name.search(/[^!-~]/) // hybi-03 §5.1
    case 'spaceSeparatedNames':
      return name.search(/[^A-Za-z0-9/_-]/) // hello-00 §6: no dots either
    case 'commaSeparatedTokens':
      return name.search(/[^!#$%&'*+\-.^_`|~0-9A-Za-z]/) // RFC 6455 §4.1 item 10, RFC 2616 §2.2: token
    default:
      return unreachable(rule)
  }
}

function separatorOf(rule: SubprotocolRule): string {
  switch (rule) {
    case 'oneString': // there is nothing to separate
    case 'spaceSeparatedStrings':
    case 'spaceSeparatedNames':
      return ' '
    case 'commaSeparatedTokens':
      return ', '
    default:
      return unreachable(rule)
  }
}

interface Item {
  readonly name: string
  readonly at: number
}

function itemsOf(rule: SubprotocolRule, text: string): readonly Item[] {
  switch (rule) {
    case 'oneString':
      return [{ name: text, at: 0 }]
    case 'spaceSeparatedStrings':
    case 'spaceSeparatedNames': {
      const items = Array.from(text.matchAll(/[^ ]+/g), (match) => ({ name: match[0], at: match.index }))
      return items.length > 0 ? items : [{ name: '', at: 0 }]
    }
    case 'commaSeparatedTokens':
      return Array.from(text.matchAll(/(?<=^|,)[^,]*/g), (match) => trimmed(match[0], match.index))
    default:
      return unreachable(rule)
  }
}

function trimmed(text: string, at: number): Item {
  const name = trimSpace(text)
  return { name, at: name === '' ? at : at + text.indexOf(name) }
}
