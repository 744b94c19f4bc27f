import { describe, expect, it } from 'vitest'
import { detectDialect } from '../../../shared/dialects/detect.ts'
import { dialectById, dialectIds, dialects, isDialectId } from '../../../shared/dialects/registry.ts'
import { encodeHead, parseHead } from '../../../shared/handshake/head.ts'
import { casesOf } from '../vectors.ts'

function detect(fields: readonly [string, string][]) {
  const found = detectDialect(parseHead(encodeHead('GET / HTTP/1.1', fields), 'request'))
  return found && { id: found.dialect.id, evidence: found.evidence }
}

describe('the registry', () => {
  it('lists every dialect once, oldest first, and finds it by its id', () => {
    expect(dialectIds).toEqual(['hello-00', 'rfc6455'])
    for (const dialect of dialects) expect(dialectById(dialect.id)).toBe(dialect)
  })

  it('knows which texts are ids', () => {
    expect(isDialectId('hello-00')).toBe(true)
    expect(isDialectId('constructor')).toBe(false)
    expect(isDialectId('hybi-99')).toBe(false)
  })

  it.each(dialects)('$name gives every opcode name one number and cites a section for every topic', (dialect) => {
    const names = Object.values(dialect.opcodes)
    expect(new Set(names).size).toBe(names.length)
    for (const cite of Object.values(dialect.cites)) expect(cite).toMatch(/ §\d/)
  })
})

describe('telling dialects apart by the request', () => {
  const requests = casesOf('handshake').filter(({ lane }) => lane === 'clientToServer')
  it.each(requests)('$id is recognised', ({ bytes, dialect }) => {
    expect(detectDialect(parseHead(bytes, 'request'))?.dialect).toBe(dialect)
  })

  it('lets the version decide before the nonce, since hybi-04 knows a field of that name too', () => {
    const nonce: [string, string] = ['Sec-WebSocket-Nonce', 'A23F2BCA452DDE01']
    expect(detect([nonce, ['Sec-WebSocket-Version', '13']])).toEqual({
      id: 'rfc6455',
      evidence: 'Sec-WebSocket-Version: 13',
    })
    expect(detect([nonce, ['Sec-WebSocket-Version', '4']])).toBeNull()
  })

  it('goes by the nonce, not by the draft number that other drafts use too', () => {
    expect(detect([['sec-websocket-nonce', 'junk']])).toEqual({ id: 'hello-00', evidence: 'sec-websocket-nonce: junk' })
    expect(detect([['Sec-WebSocket-Draft', '3']])).toBeNull()
  })

  it('finds nothing in a request of another kind', () => {
    expect(detect([['Upgrade', 'WebSocket']])).toBeNull()
    expect(detect([['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']])).toBeNull()
  })
})
