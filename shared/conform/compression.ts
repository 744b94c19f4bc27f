// permessage-deflate as the tests ask for it and agree to it, RFC 7692 §7.1. Kept apart from the endpoints' own.

/** What a test asks of the peer's own compressor. */
export interface Terms {
  readonly noContextTakeover: boolean
  /** 9 to 15; null when nothing is asked. */
  readonly windowBits: number | null
}

/** The terms to ask for, the ones liked best first. */
export type Compression = readonly Terms[]

/** How one side compresses. */
export interface SideTerms {
  readonly noContextTakeover: boolean
  readonly windowBits: number
}

export interface Agreed {
  readonly client: SideTerms
  readonly server: SideTerms
}

const name = 'permessage-deflate'
const usualBits = 15

/** The value of a client's `Sec-WebSocket-Extensions`. RFC 7692 §7.1. */
export function offerOf(compression: Compression): string {
  return compression.map((terms) => [name, 'client_max_window_bits', ...asked('server', terms)].join('; ')).join(', ')
}

function asked(side: 'client' | 'server', { noContextTakeover, windowBits }: Terms): string[] {
  return [
    ...(noContextTakeover ? [`${side}_no_context_takeover`] : []),
    ...(windowBits === null ? [] : [`${side}_max_window_bits=${windowBits}`]),
  ]
}

/** What a server's response agrees to; null when it does not, or not on terms the client asked for. */
export function agreedIn(response: string | null): Agreed | null {
  const [element, more] = elementsOf(response ?? '')
  return element && more === undefined ? agreedOf(element) : null
}

/**
 * Chooses among a client's offers: the first that our terms can be had with. Answers what is agreed and the value of
 * the response's field. RFC 7692 §7.1.2.2: `client_max_window_bits` only when it was offered.
 */
export function choose(
  offer: string | null,
  compression: Compression,
): { readonly agreed: Agreed; readonly field: string } | null {
  for (const terms of compression) {
    const element = elementsOf(offer ?? '').find(
      (each) => terms.windowBits === null || 'client_max_window_bits' in each,
    )
    if (!element) continue
    const server = agreedOf(element).server
    const field = [name, ...asked('client', terms), ...asked('server', strictest(server))].join('; ')
    const agreed = agreedIn(field)
    if (agreed && server.windowBits > 8) return { agreed, field }
  }
  return null
}

function strictest({ noContextTakeover, windowBits }: SideTerms): Terms {
  return { noContextTakeover, windowBits: windowBits === usualBits ? null : windowBits }
}

type Element = Readonly<Record<string, string>>

/** The parameters of every permessage-deflate element. */
function elementsOf(value: string): Element[] {
  return value
    .split(',')
    .map((element) => element.split(';').map((part) => part.trim()))
    .filter(([first]) => first === name)
    .map(([, ...parts]) => Object.fromEntries(parts.map(parameterOf)))
}

function parameterOf(text: string): [string, string] {
  const [key = '', value = ''] = text.split('=')
  return [key.trim(), value.trim().replace(/^"(.*)"$/, '$1')]
}

function agreedOf(element: Element): Agreed {
  const side = (role: 'client' | 'server'): SideTerms => ({
    noContextTakeover: `${role}_no_context_takeover` in element,
    windowBits: Number(element[`${role}_max_window_bits`] || usualBits),
  })
  return { client: side('client'), server: side('server') }
}
