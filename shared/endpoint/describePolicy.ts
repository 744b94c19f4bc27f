// A socket policy exchange, as Silverlight had it before every connection: no WebSocket, but what came first in 2010.
import { decodeLatin1 } from '../bytes/ascii.ts'
import type { Field, FieldRole } from '../bytes/field.ts'
import { policyCite as cite, policyRequest } from '../profile/policy.ts'
import type { Description, Summary, UnitInput } from './description.ts'

type Which = 'request' | 'answer'

function whichOf({ lane, bytes, start }: UnitInput): Which | null {
  if (start !== 0) return null
  const text = decodeLatin1(bytes, 0, Math.min(bytes.length, 512))
  if (lane === 'clientToServer') return text === policyRequest ? 'request' : null
  return /^<\?xml [^>]*>\s*<access-policy>/.test(text) ? 'answer' : null
}

/** What a row of the ladder shows; null for other bytes. */
export function policySummary(input: UnitInput): Summary | null {
  const which = whichOf(input)
  if (which === null) return null
  const preview = which === 'request' ? policyRequest : grantIn(input)
  return { label: `policy ${which}`, preview, tone: 'http' }
}

function grantIn({ bytes }: UnitInput): string {
  const port = /<socket-resource port="([^"]*)"/.exec(decodeLatin1(bytes))?.[1]
  return port === undefined ? 'grants no port' : `grants ports ${port}`
}

export function describePolicy(input: UnitInput): Description | null {
  const summary = policySummary(input)
  if (summary === null) return null
  const isRequest = whichOf(input) === 'request'
  return {
    ...summary,
    ...(isRequest ? requestWords : answerWords),
    fields: isRequest ? requestFields(input) : answerFields(input),
    derivations: [],
    layers: [{ name: 'wire', bytes: input.bytes, at: input.start }],
  }
}

const requestWords = {
  title: 'Policy request',
  says: `Before Silverlight connected a socket it asked the host for leave, on TCP port 943: exactly these ${policyRequest.length} bytes, without a line end or a zero behind them. It opens no WebSocket: no rule of WebSocket is for it.`,
  cite,
  next: 'The policy server answers with its policy and closes. Anything else, or nothing in time, and it closes without an answer: then the socket may not connect.',
} as const

const answerWords = {
  title: 'Policy answer',
  says: 'Whose applications may connect to which ports of this host. It is as long as the stream: the server closes behind it. It is no answer of a WebSocket server.',
  cite,
  next: 'The runtime looks for the port it wants in what is granted to everybody, and connects, or refuses the application. Ports other than 4502 to 4534 it refuses whatever is granted.',
} as const

/** Name, role, text, meaning. */
type Part = readonly [string, FieldRole, string, (string | undefined)?]

/** `CR LF, 4 spaces` */
function spaceText(space: string): string {
  const spaces = space.replace(/[^ ]/g, '').length
  return (
    [space.includes('\r\n') && 'CR LF', spaces > 0 && `${spaces} spaces`].filter(Boolean).join(', ') || 'white space'
  )
}

/** Parts of a text as fields, one behind the other. */
function fieldsOf(start: number, parts: readonly Part[]): Field[] {
  let at = start
  return parts
    .filter(([, , value]) => value !== '')
    .map(([name, role, value, says]) => {
      const field = {
        name,
        role,
        value: value.trim() || spaceText(value),
        start: at,
        end: at + value.length,
        ...(says && { says, cite }),
      }
      at = field.end
      return field
    })
}

function requestFields({ start }: UnitInput): readonly Field[] {
  return fieldsOf(start, [
    ['opening', 'separator', '<', 'an element begins'],
    ['element', 'name', policyRequest.slice(1, -2), 'asks for the policy of this host'],
    ['closing', 'separator', '/>', 'an empty element: there is nothing more to say'],
  ])
}

const meanings: Readonly<Record<string, string>> = {
  'access-policy': 'a policy follows',
  'cross-domain-access': 'for applications that come from elsewhere; sockets need leave even from where they came',
  policy: 'one rule: from whom, and to what; there may be several',
  'allow-from': 'who may connect',
  domain: 'where the application was loaded from; * is everywhere',
  'grant-to': 'to what they may connect',
  'socket-resource': 'TCP ports; outside 4502 to 4534 a grant has no effect',
}

function answerFields({ bytes, start }: UnitInput): readonly Field[] {
  const parts = decodeLatin1(bytes).match(/<[^>]*>?|[^<]+/g) ?? []
  return fieldsOf(start, parts.map(partOf))
}

function partOf(text: string): Part {
  if (!text.startsWith('<')) return ['white space', 'separator', text, 'the runtime looks over it']
  if (text.startsWith('<?')) return ['XML declaration', 'start', text, 'what follows is XML, in this encoding']
  const name = /^<\/?([a-z-]+)/.exec(text)?.[1] ?? ''
  const closes = text.startsWith('</')
  return [name || 'element', closes ? 'separator' : 'name', text, closes ? `ends ${name}` : meanings[name]]
}
