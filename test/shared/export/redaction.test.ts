import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { allSteps } from '../../../shared/bytes/steps.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { faultViews, ladderRows, messageViews } from '../../../shared/capture/views.ts'
import { emitPart } from '../../../shared/export/part.ts'
import { blanked, deflatedBlank, headerValues, parseRedaction, secretPlaces } from '../../../shared/export/redaction.ts'
import { prepareRedaction } from '../../../shared/export/redactUnits.ts'
import { createDeflater, deflate } from '../../../shared/extensions/deflate.ts'
import { createLab } from '../capture/lab.ts'
import { frame, leakySession, mask, openedWith, secret, sessionOf } from './secrets.ts'

function redacted(capture: CaptureReader, ...wishes: readonly string[]) {
  const redaction = parseRedaction(wishes)
  if (!redaction.ok) throw new Error(redaction.error)
  const prepared = allSteps(prepareRedaction(capture, redaction.value))
  if (!prepared.ok) throw new Error(prepared.error)
  const store = createMemoryStore()
  const copy = createCapture(store)
  const notes = allSteps(emitPart(capture, { connection: null, matcher: null, redaction: prepared.value }, copy.append))
  return { copy, notes, file: store.read(0, store.size) }
}

const textsOf = (capture: CaptureReader) =>
  messageViews(capture, 1, capture.end, 0, 100).rows.map(({ preview }) => preview)

const faultsOf = (capture: CaptureReader) => faultViews(capture, 1, capture.end, 0, 100).rows.map(({ code }) => code)

/** Everything a file says, in clear: its own bytes, and all units without their masks and not deflated. */
function saidBy(file: Uint8Array, capture: CaptureReader): string {
  return [
    decodeLatin1(file),
    ...textsOf(capture),
    ...ladderRows(capture, 1, capture.end, 0, 100).rows.map(({ preview }) => preview),
  ].join('\n')
}

describe('what is to be blanked', () => {
  it('is named as header fields and as patterns', () => {
    expect(parseRedaction(['header:Cookie, X-Token', '/a+/i'])).toMatchObject({
      ok: true,
      value: { headers: ['cookie', 'x-token'], patterns: [{}] },
    })
  })
  it.each([
    ['cookie', 'has to be header:NAME,NAME or /PATTERN/, not "cookie"'],
    ['header:a b', 'has "a b", which is no name of a header field'],
    ['/(/', '/(/ cannot be used: missing closing ): ('],
  ])('is refused when it is %s', (wish, error) => {
    expect(parseRedaction([wish])).toEqual({ ok: false, error })
  })
  it('is found in what looks like a line of the field, folded, oddly written, or with a lone CR in it', () => {
    const head = 'GET / HTTP/1.1\r\ncookie : a=1\rb\r\n  folded\r\nX: 2\r\nCOOKIE:c\n\n'
    const bytes = encodeLatin1(head)
    const values = headerValues(bytes, ['cookie']).map(({ start, end }) => head.slice(start, end))
    expect(values).toEqual(['a=1\rb\r\n  folded', 'c'])
    expect(decodeLatin1(blanked(bytes, headerValues(bytes, ['cookie'])))).toBe(
      'GET / HTTP/1.1\r\ncookie : ***\r*\r\n********\r\nX: 2\r\nCOOKIE:*\n\n',
    )
  })
  it('is placed in bytes also behind characters that take several', () => {
    const bytes = encodeUtf8('größe 東京 sécret!')
    const pattern = parseRedaction(['/sécret/'])
    if (!pattern.ok) throw new Error(pattern.error)
    const places = secretPlaces(bytes, pattern.value.patterns, [])
    expect(decodeLatin1(blanked(bytes, places))).toBe(decodeLatin1(encodeUtf8('größe 東京 *******!')))
  })
  it('is all of it where a pattern matches what has no certain place', () => {
    const pattern = parseRedaction(['/é/'])
    if (!pattern.ok) throw new Error(pattern.error)
    expect(secretPlaces(Uint8Array.of(0xff, 0xc3, 0xa9), pattern.value.patterns, [])).toBe('all')
  })
})

describe('a redacted copy', () => {
  it.each([
    ['a pattern', [`/tok-[0-9a-f]{4}\\w+/`]],
    ['the header that gives it away', ['header:cookie']],
    ['a folded header', ['header:x-folded']],
  ])('has the secret nowhere, when %s says what it is', (_what, wishes) => {
    const { copy, file } = redacted(leakySession(), ...wishes)
    expect(saidBy(leakyFile(), leakySession())).toContain(secret)
    expect(saidBy(file, copy)).not.toContain(secret)
    expect(textsOf(copy)).toEqual([
      `{"token":"${'*'.repeat(secret.length)}"}`,
      'hello *********** bye',
      expect.stringContaining('ff 00 2a 2a'),
      'harmless',
    ])
  })
  it('keeps every length, mask and rule: nothing new is wrong with it', () => {
    const original = leakySession()
    const { copy } = redacted(original, `/${secret}/`)
    const spans = (capture: CaptureReader) =>
      ladderRows(capture, 1, capture.end, 0, 100).rows.filter(({ complete, delivered }) => complete && delivered > 0)
    expect(spans(copy).map(({ span }) => span)).toEqual(spans(original).map(({ span }) => span))
    expect(faultsOf(copy)).toEqual(faultsOf(original))
    expect(copy.connection(1).readDelivered('clientToServer', 0, 1e6).subarray(-14, -8)).toEqual(
      Uint8Array.of(0x81, 0x88, ...mask),
    )
  })
  it('changes nothing when it is made of a redacted copy again', () => {
    const { copy, file } = redacted(leakySession(), 'header:cookie', `/${secret}/`)
    expect(redacted(copy, 'header:cookie', `/${secret}/`).file).toEqual(file)
  })
  it('says what it lacks, and what no longer follows from what', () => {
    const { notes, copy } = redacted(leakySession(), 'header:sec-websocket-key')
    expect(notes.join(' ')).toContain(
      'Notes, actions, edits and what only one side of the gate saw are not in the copy.',
    )
    expect(notes.join(' ')).toContain('the accept value no longer follows from the key')
    expect(notes.join(' ')).toContain('bytes of units that never arrived whole were left out')
    expect(faultsOf(copy)).toContain('head.accept')
  })
  it('has no seed that would make a lab run again', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    const { copy } = redacted(lab.capture, 'header:cookie')
    expect(copy.connections[0]!.opened).not.toHaveProperty('seed')
    expect(copy.connections[0]!.opened).not.toHaveProperty('url')
  })
})

function leakyFile(): Uint8Array {
  const capture = leakySession()
  const store = createMemoryStore()
  const copy = createCapture(store)
  allSteps(emitPart(capture, { connection: null, matcher: null, redaction: null }, copy.append))
  return store.read(0, store.size)
}

describe('of compressed messages', () => {
  const compressed = (takeover: boolean, texts: readonly string[]) => {
    const extension = `permessage-deflate${takeover ? '' : '; server_no_context_takeover'}`
    let deflater = createDeflater(15, takeover)
    const frames = texts.map((text) => {
      const done = deflate(deflater, encodeUtf8(text))
      deflater = done.deflater
      return ['serverToClient', frame(done.bytes, { reserved: 0b100 })] as const
    })
    return sessionOf(...openedWith(extension), ...frames)
  }
  it('the one that matches is blanked whole, and inflates to asterisks', () => {
    const { copy, notes } = redacted(compressed(false, ['before', `my ${secret}`, 'after']), `/${secret}/`)
    expect(textsOf(copy)).toEqual(['before', expect.stringMatching(/^\*+$/), 'after'])
    expect(faultsOf(copy)).toEqual([])
    expect(notes.join(' ')).toContain('1 compressed frames were blanked whole')
  })
  it('those behind it go too, where they may refer to it', () => {
    const { copy, file } = redacted(
      compressed(true, ['before', `my ${secret}`, `${secret.slice(0, -1)} half`]),
      `/${secret}/`,
    )
    expect(textsOf(copy)).toEqual(['before', expect.stringMatching(/^\*+$/), expect.stringMatching(/^\*+$/)])
    expect(saidBy(file, copy)).not.toContain(secret.slice(0, -1))
    expect(faultsOf(copy)).toEqual([])
  })
  it('what cannot be looked into is blanked rather than passed on', () => {
    const hidden = sessionOf(...openedWith(null), ['serverToClient', frame(secret, { reserved: 0b100 })])
    const { copy, file, notes } = redacted(hidden, '/nothing/')
    expect(saidBy(file, copy)).not.toContain(secret)
    expect(notes.join(' ')).toContain('1 messages could not be looked through whole and were blanked.')
  })
  it('blanks of every length inflate', () => {
    for (let length = 1; length < 40; length++) {
      const capture = sessionOf(...openedWith('permessage-deflate'), [
        'serverToClient',
        frame(deflatedBlank(length), { reserved: 0b100 }),
      ])
      expect(textsOf(capture)).toEqual(['*'.repeat(Math.max(0, length - 2))])
      expect(faultsOf(capture)).toEqual([])
    }
  })
})

describe('whatever the session', () => {
  it('no fragment, mask or cut lets a secret through', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 8 }), fc.nat(30), fc.boolean()), { maxLength: 6 }),
        (messages) => {
          const frames = messages.flatMap(([around, cut, masked]) => {
            const bytes = encodeUtf8(`${around}${secret}${around}`)
            const at = Math.min(cut, bytes.length)
            const how = masked ? { mask } : {}
            const lane = masked ? ('clientToServer' as const) : ('serverToClient' as const)
            return [
              [lane, frame(bytes.subarray(0, at), { final: false, ...how })],
              [lane, frame(bytes.subarray(at), { opcode: 'continuation', ...how })],
            ] as const
          })
          const { copy, file } = redacted(sessionOf(...openedWith(null), ...frames), `/${secret}/`)
          expect(saidBy(file, copy)).not.toContain(secret)
          expect(textsOf(copy)).toHaveLength(messages.length)
        },
      ),
      { numRuns: 60, seed: 7 },
    )
  })
})
