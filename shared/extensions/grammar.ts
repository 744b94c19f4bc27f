// The grammar of `Sec-WebSocket-Extensions`, RFC 6455 §9.1: extensions with parameters, each with its place in the text.
import type { Span } from '../bytes/span.ts'

/** `name` or `name=value`; the value of a quoted string is what it stands for. Spans are indices in the text. */
export interface ExtensionParameter extends Span {
  readonly name: string
  readonly value: string | null
}

export interface Extension extends Span {
  readonly name: string
  readonly parameters: readonly ExtensionParameter[]
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const space = '[ \\t]*'
const nameForm = `${space}(${token})`
const parameterForm = `${space};${space}(${token})(?:${space}=${space}(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?`
const separatorForm = `${space}(,|$)`

/** Reads the text from place to place: `take` answers a match at the place it has come to, and steps over it. */
function reader(text: string) {
  let at = 0
  return (form: string): RegExpExecArray | null => {
    const pattern = new RegExp(form, 'y')
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }
}

/** Whether every quoted value is a token once it is unescaped: RFC 6455 §9.1 wants that too. */
export function hasTokensOnly(extensions: readonly Extension[]): boolean {
  const isToken = new RegExp(`^${token}$`)
  return extensions.every(({ parameters }) => parameters.every(({ value }) => value === null || isToken.test(value)))
}

/** The extensions of a list, in order; null when the text does not follow the grammar. */
export function parseExtensions(text: string): readonly Extension[] | null {
  const take = reader(text)
  const extensions: Extension[] = []
  for (;;) {
    const name = take(nameForm)
    if (!name) return null
    const parameters: ExtensionParameter[] = []
    for (let match = take(parameterForm); match; match = take(parameterForm)) parameters.push(parameterOf(match))
    const start = name.index + name[0].length - name[1]!.length
    const end = parameters.at(-1)?.end ?? name.index + name[0].length
    extensions.push({ name: name[1]!, parameters, start, end })
    const separator = take(separatorForm)
    if (!separator) return null
    if (separator[1] === '') return extensions
  }
}

function parameterOf(match: RegExpExecArray): ExtensionParameter {
  const [whole, name, plain, quoted] = match
  const start = match.index + whole.indexOf(name!)
  const value = plain ?? quoted?.replace(/\\(.)/g, '$1') ?? null
  return { name: name!, value, start, end: match.index + whole.length }
}

/** One extension as it is written in the field. Values have to be tokens. */
export function formatExtension(name: string, parameters: readonly (readonly [string, string | null])[]): string {
  return [name, ...parameters.map(([key, value]) => (value === null ? key : `${key}=${value}`))].join('; ')
}
