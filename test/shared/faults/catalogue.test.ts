import { describe, expect, it } from 'vitest'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { faultCite, faultCodes, faultInfo, faultRemedy, faultSentence } from '../../../shared/faults/catalogue.ts'

describe.each(faultCodes)('%s', (code) => {
  const info = faultInfo(code)

  it('says what is wrong, what comes of it and how it would have to look, in sentences', () => {
    for (const text of [info.says, info.consequence, info.remedy]) expect(text).toMatch(/^[A-Z"].*\.$/s)
  })

  it('cites a section for at least one dialect, and for none that does not exist', () => {
    expect(Object.keys(info.cite).length).toBeGreaterThan(0)
    for (const [id, cite] of Object.entries(info.cite)) {
      expect(dialectIds).toContain(id)
      expect(cite).toMatch(/^(RFC \d+|hello-00|hybi-\d\d|hixie-7[56]) §\d/)
    }
  })

  it('says of dialects that have the rule what is not certain, in sentences', () => {
    for (const [id, doubt] of Object.entries(info.doubts ?? {})) {
      expect(Object.keys(info.cite)).toContain(id)
      expect(doubt).toMatch(/^\S.*\.$/)
      expect(faultRemedy(code, id)).toBe(`${info.remedy} ${doubt}`)
    }
    expect(faultRemedy(code, 'no dialect')).toBe(info.remedy)
  })

  it('has a code that can be a link and an argument', () => {
    expect(code).toMatch(/^[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it('closes with a code of RFC 6455 §7.4.1 when frames break it, and fits a close frame', () => {
    if (info.closeCode === undefined) return
    expect([1002, 1003, 1007, 1009]).toContain(info.closeCode)
    expect(info.severity).toBe('violation')
    expect(new TextEncoder().encode(info.says).length).toBeLessThanOrEqual(123)
  })
})

describe('the catalogue', () => {
  it('gives the section of the dialect asked for', () => {
    expect(faultCite('frame.opcode', 'rfc6455')).toBe('RFC 6455 §5.2')
    expect(faultCite('frame.opcode', 'hello-00')).toBe('hybi-03 §4.2')
    expect(faultCite('mask.missing', 'hello-00')).toBe(Object.values(faultInfo('mask.missing').cite)[0])
  })

  it('puts what was found behind what is wrong', () => {
    expect(faultSentence('frame.opcode')).toBe('The opcode is reserved.')
    expect(faultSentence('frame.opcode', 'opcode 3')).toBe('The opcode is reserved. Found: opcode 3.')
  })
})
