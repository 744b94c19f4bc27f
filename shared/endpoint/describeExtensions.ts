// The value of Sec-WebSocket-Extensions part by part: every extension, and what each of its parameters asks for or binds.
import { visible } from '../bytes/ascii.ts'
import type { Field, FieldRole } from '../bytes/field.ts'
import type { Span } from '../bytes/span.ts'
import { deflateStream, windowBitsIn } from '../extensions/compression.ts'
import { type Extension, type ExtensionParameter, parseExtensions } from '../extensions/grammar.ts'
import { isPerFrameDeflate } from '../extensions/perFrameDeflate.ts'
import { perMessageDeflate } from '../extensions/perMessageDeflate.ts'
import type { HeadKind, LocatedText } from '../handshake/head.ts'

interface Meaning {
  readonly says: string
  readonly cite: string
}

/** Null for a value that does not follow the grammar. The fields tile it. */
export function extensionFields(value: LocatedText, kind: HeadKind): readonly Field[] | null {
  const extensions = parseExtensions(value.text)
  if (extensions === null) return null
  return tiled(
    value,
    { start: 0, end: value.text.length },
    extensions.map((extension) => extensionField(value, extension, kind)),
  )
}

function extensionField(value: LocatedText, extension: Extension, kind: HeadKind): Field {
  const { name, parameters, start } = extension
  const leaf = part(value, { start, end: start + name.length }, name, 'value')
  const fields = parameters.map((parameter) => ({
    ...part(value, parameter, parameter.name, 'value'),
    ...parameterMeaning(name, parameter, kind),
  }))
  return {
    ...part(value, extension, name, 'value'),
    ...extensionMeaning(name, kind),
    children: tiled(value, extension, [leaf, ...fields]),
  }
}

/** The parts of `within`, and what stands between them. All but `parts` counts from the first character of the value. */
function tiled(value: LocatedText, within: Span, parts: readonly Field[]): readonly Field[] {
  const fields: Field[] = []
  let at = within.start
  for (const field of parts) {
    const start = field.start - value.start
    if (start > at) fields.push(part(value, { start: at, end: start }, 'separator', 'separator'))
    fields.push(field)
    at = field.end - value.start
  }
  if (at < within.end) fields.push(part(value, { start: at, end: within.end }, 'separator', 'separator'))
  return fields
}

function part(value: LocatedText, { start, end }: Span, name: string, role: FieldRole): Field {
  const text = visible(value.text.slice(start, end))
  return { name, role, value: text, start: value.start + start, end: value.start + end }
}

function extensionMeaning(name: string, kind: HeadKind): Meaning | undefined {
  if (name === perMessageDeflate) {
    return { says: 'messages may be deflated, each as a whole: RSV1 on the first frame marks one', cite: 'RFC 7692 §7' }
  }
  if (isPerFrameDeflate(name)) {
    return { says: 'the forerunner that deflates each frame by itself: RSV1 marks one', cite: perFrameCite }
  }
  if (kind === 'request') return undefined
  const says =
    name === deflateStream
      ? 'all that follows the heads is deflated, frames and masks too: it is not inflated here, so what is cut into frames below is none'
      : 'not known here: what it makes of reserved bits and opcodes is not judged'
  return { says, cite: 'RFC 6455 §5.8, §9' }
}

const perFrameCite = 'draft-tyoshino-hybi-websocket-perframe-deflate'

function parameterMeaning(extension: string, { name, value }: ExtensionParameter, kind: HeadKind): Meaning | undefined {
  if (extension === perMessageDeflate) return deflateMeaning(name, value, kind)
  return isPerFrameDeflate(extension) ? perFrameMeaning(name, value) : undefined
}

/** RFC 7692 §7.1: what a parameter means depends on which head it is in. */
function deflateMeaning(name: string, value: string | null, kind: HeadKind): Meaning | undefined {
  const offer = kind === 'request'
  switch (name) {
    case 'server_no_context_takeover':
      return {
        says: offer
          ? 'asks the server to deflate every message without those before it'
          : 'the server deflates every message without those before it',
        cite: 'RFC 7692 §7.1.1.1',
      }
    case 'client_no_context_takeover':
      return {
        says: offer
          ? 'a hint: the client will deflate every message without those before it'
          : 'the client must deflate every message without those before it',
        cite: 'RFC 7692 §7.1.1.2',
      }
    case 'server_max_window_bits':
      return {
        says: offer ? `asks the server to look back ${reach(value)}` : `the server looks back ${reach(value)}`,
        cite: 'RFC 7692 §7.1.2.1',
      }
    case 'client_max_window_bits':
      return { says: clientWindow(value, offer), cite: 'RFC 7692 §7.1.2.2' }
    default:
      return undefined
  }
}

function clientWindow(value: string | null, offer: boolean): string {
  if (!offer) return `the client must look back ${reach(value)}`
  const may = 'the server may say how far the client looks back'
  return value === null ? may : `${may}; the client will look back ${reach(value)}`
}

function perFrameMeaning(name: string, value: string | null): Meaning | undefined {
  switch (name) {
    case 'max_window_bits':
      return { says: `the other end must look back ${reach(value)}`, cite: perFrameCite }
    case 'no_context_takeover':
      return { says: 'the other end must deflate every frame without those before it', cite: perFrameCite }
    default:
      return undefined
  }
}

/** A window of n bits has 2^n bytes. */
function reach(bits: string | null): string {
  const window = windowBitsIn(bits)
  return window === null ? 'as far as its value says, which is none from 8 to 15' : `${2 ** window} bytes at most`
}
