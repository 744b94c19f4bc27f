import { describe, expect, it } from 'vitest'
import { decodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { toHex } from '../../../shared/bytes/hex.ts'
import { lanes } from '../../../shared/bytes/lanes.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import type { FormulaPart, UnitView } from '../../../shared/capture/view.ts'
import { bytesView, ladderRows, longestLayer, unitView } from '../../../shared/capture/views.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { leavesOf } from '../../../shared/endpoint/describe.ts'
import { converse, createLab, recordsOf } from './lab.ts'
import { hex } from './logs.ts'
import { allCursors } from './naive.ts'

/** The bytes that the term of this name in a unit's first formula points at. */
function linked(capture: CaptureReader, { derivations }: UnitView, label: string): Uint8Array | undefined {
  const term = derivations
    .flatMap(({ parts }) => parts)
    .find((part): part is Extract<FormulaPart, { kind: 'term' }> => {
      return part.kind === 'term' && part.label === label
    })
  if (!term?.from) return undefined
  const { lane, span } = term.from
  return bytesView(capture, 0, capture.end, lane, span.start, span.end - span.start).bytes
}

/** A hello-00 lab whose request has been let through: the answer is held. */
function answered() {
  const lab = createLab('hello-00')
  lab.step('unit')
  return lab
}

const serverHello = 169

describe('a unit', () => {
  it.each(dialectIds)('of %s is the same for each of its bytes, and every byte of a lane is in one', (dialect) => {
    const { capture } = converse(createLab(dialect))
    for (const { lane, span } of ladderRows(capture, 0, capture.end, 0, 100).rows) {
      for (let offset = span.start; offset < span.end; offset += 1) {
        expect(unitView(capture, 0, capture.end, lane, offset)?.span).toEqual(span)
      }
    }
    for (const lane of lanes) {
      const { length } = bytesView(capture, 0, capture.end, lane, 0, 0)
      expect(unitView(capture, 0, capture.end, lane, length)).toBeNull()
      expect(unitView(capture, 0, capture.end, lane, -1)).toBeNull()
    }
  })

  it.each(dialectIds)('of %s has, as of every cursor, fields that tile what there is of it', (dialect) => {
    const { capture } = converse(createLab(dialect))
    for (const cursor of allCursors(recordsOf(capture))) {
      for (const lane of lanes) {
        const { length, delivered } = bytesView(capture, 0, cursor, lane, 0, 0)
        const unit = unitView(capture, 0, cursor, lane, Math.max(0, delivered - 1))
        if (unit === null) expect(length).toBe(0)
        else {
          expect(unit.delivered).toBe(Math.max(0, Math.min(unit.span.end, delivered) - unit.span.start))
          const leaves = leavesOf(unit.fields)
          expect(leaves[0]!.start).toBe(unit.span.start)
          expect(leaves.at(-1)!.end).toBe(Math.min(unit.span.end, length))
        }
      }
    }
  })

  it.each(['hixie-75', 'hixie-76'] as const)(
    'of %s that is a long text has its FF byte as a field of its own',
    (dialect) => {
      const { capture } = converse(createLab(dialect))
      const row = ladderRows(capture, 0, capture.end, 0, 100).rows.find(({ span }) => span.end - span.start === 602)!
      const leaves = leavesOf(unitView(capture, 0, capture.end, row.lane, row.span.start)!.fields)
      expect(
        leaves.slice(-2).map(({ name, start, end }) => [name, start - row.span.start, end - row.span.start]),
      ).toEqual([
        ['text', 1, 601],
        ['end of data', 601, 602],
      ])
    },
  )

  it.each(['hixie-76', 'hybi-03'] as const)(
    'of %s shows how its proof was made, from the bytes the formula links to',
    (dialect) => {
      const { capture } = converse(createLab(dialect))
      const row = ladderRows(capture, 0, capture.end, 0, 100).rows.find(({ label }) => label === 'proof')!
      const unit = unitView(capture, 0, capture.end, row.lane, row.span.start)!
      expect(unit.derivations.map(({ matches }) => matches)).toEqual([true, true, true])
      const key3 = linked(capture, unit, '8 bytes behind the request')!
      expect(key3).toHaveLength(8)
      expect(decodeLatin1(linked(capture, unit, 'key 1')!)).toMatch(/^\S.* .*\S$/)
    },
  )

  it('that is held shows that its digest is right, from the bytes the formula links to', () => {
    const { capture } = answered()
    const unit = unitView(capture, 0, capture.end, 'serverToClient', serverHello)!
    expect(unit).toMatchObject({ kind: 'frame', delivered: 0, complete: true })
    expect(unit.derivations[0]!.matches).toBe(true)
    const request = decodeLatin1(bytesView(capture, 0, capture.end, 'clientToServer', 0, 176).bytes)
    const nonce = /Nonce: ([0-9A-F]{16})/.exec(request)![1]
    expect(decodeLatin1(linked(capture, unit, 'client nonce')!)).toBe(nonce)
    const digest = leavesOf(unit.fields).find(({ role }) => role === 'digest')!
    expect(digest.value).toBe(toHex(linked(capture, unit, 'digest')!))
  })

  it('whose digest was changed at the gate does not match, and has the fault once it is delivered', () => {
    const lab = answered()
    lab.edit('serverToClient', serverHello + 20, 1, Uint8Array.of(0))
    const hello = () => unitView(lab.capture, 0, lab.capture.end, 'serverToClient', serverHello)!
    expect(hello()).toMatchObject({ edited: 'edited', faults: [] })
    expect(hello().derivations[0]!.matches).toBe(false)
    lab.settle()
    expect(hello().faults).toEqual([expect.objectContaining({ code: 'hello.digest', severity: 'violation' })])
    const [fault] = hello().faults
    for (const words of [fault!.says, fault!.cite, fault!.consequence, fault!.remedy]) expect(words).not.toBe('')
  })

  it('is judged by the nonce that its receiver sent, though the gate gave the server another', () => {
    const lab = createLab('hello-00')
    const request = decodeLatin1(bytesView(lab.capture, 0, lab.capture.end, 'clientToServer', 0, 176).bytes)
    const at = request.indexOf('Nonce: ') + 'Nonce: '.length
    const own = request.slice(at, at + 16)
    lab.edit('clientToServer', 4, 5, hex('2f')) // "/" for "/demo": what follows moves
    lab.edit('clientToServer', at - 4, 16, new TextEncoder().encode('0123456789ABCDEF'))
    lab.step('unit')
    const unit = unitView(
      lab.capture,
      0,
      lab.capture.end,
      'serverToClient',
      lab.capture.connection(0).heldLengthAt('serverToClient', lab.capture.end) - 1,
    )!
    expect(unit.derivations[0]!.matches).toBe(false)
    const term = unit.derivations[0]!.parts.find((part) => part.kind === 'term' && part.label === 'client nonce')
    expect(term).toMatchObject({ value: own.toLowerCase() })
    expect(decodeLatin1(linked(lab.capture, unit, 'client nonce')!)).toBe('0123456789ABCDEF')
  })

  it('that proves nothing yet says so: its digest has not arrived', () => {
    const lab = createLab('hello-00')
    const { capture } = lab
    lab.step('unit')
    const cursor = { record: 5, bytes: 0 } // the head is sent, the Hello is not
    expect(unitView(capture, 0, cursor, 'serverToClient', 0)).toMatchObject({ kind: 'response' })
    expect(unitView(capture, 0, cursor, 'serverToClient', serverHello)).toBeNull()
    lab.settle()
    lab.forge('client', hex('84 05 48'))
    expect(unitView(capture, 0, capture.end, 'clientToServer', 194)).toMatchObject({ complete: true, delivered: 0 })
  })

  const withFragments = dialectIds.filter((id) => dialectById(id).framing === 'lengthPrefixed')
  it.each(withFragments)('of %s that is a continuation is described as a part of its message', (dialect) => {
    const { capture } = converse(createLab(dialect))
    const row = ladderRows(capture, 0, capture.end, 0, 100).rows.find(({ opcode }) => opcode === 'continuation')!
    const unit = unitView(capture, 0, capture.end, row.lane, row.span.start)!
    expect(unit.layers.map(({ name }) => name)).toContain('text')
  })

  it('gives the accept value its key, and masked payloads their layers', () => {
    const { capture } = converse(createLab('rfc6455'))
    const response = unitView(capture, 0, capture.end, 'serverToClient', 0)!
    expect(response.derivations[0]!.matches).toBe(true)
    const text = unitView(capture, 0, capture.end, 'clientToServer', 185)!
    const unmasked = text.layers.find(({ name }) => name === 'unmasked')!
    expect(decodeLatin1(unmasked.bytes)).toBe('hello')
    expect(unmasked.at).toBe(185 + 6)
    expect(text).not.toHaveProperty('layerLimit')
  })

  it('of a long payload has layers cut to 64 KiB, says so, and fields to its end', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'x'.repeat(200_000) })
    const unit = unitView(lab.capture, 0, lab.capture.end, 'clientToServer', 185 + 14)!
    expect(unit.layerLimit).toBe(longestLayer)
    for (const { bytes } of unit.layers) {
      expect(bytes).toHaveLength(longestLayer)
      expect(bytes.buffer.byteLength).toBe(longestLayer)
    }
    expect(leavesOf(unit.fields).at(-1)!.end).toBe(unit.span.end)
  })

  it('has the time its last byte was let through, or until then that its first byte came', () => {
    const lab = answered()
    const time = () => unitView(lab.capture, 0, lab.capture.end, 'serverToClient', 0)!.time
    const timeOf = (record: number) => lab.capture.head(record).time
    expect(time()).toBe(timeOf(4)) // sent
    lab.release('serverToClient', 1)
    expect(time()).toBe(timeOf(6)) // first byte let through
    lab.release('serverToClient', 168)
    expect(time()).toBe(timeOf(7))
  })
})
