import { expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import type { FaultCode } from '../../../../shared/faults/catalogue.ts'
import { begun, doAct, give, kinds, latin1, openPair, overOf, pairOf, settle } from '../peers.ts'

export function refusedHandshake(dialect: Dialect): void {
  it('with the answer of the dialect, and nothing is open', () => {
    const pair = pairOf(dialect)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, Buffer.from(latin1(pair.client.sent).replace('GET', 'PUT'), 'latin1'))
    pair.client.taken = pair.client.sent.length
    expect(pair.server.faults[0]!.code).toBe('head.method')
    if (dialect.handshake.refusal === 'closeTcp') expect(pair.server.sent).toHaveLength(0)
    else expect(latin1(pair.server.sent)).toMatch(/^HTTP\/1\.1 4\d\d .*\r\n\r\n/s)
    settle(pair)
    for (const role of roles) {
      expect(overOf(pair[role])).toEqual({ over: true, clean: false })
      expect(kinds(pair[role])).not.toContain('open')
    }
  })

  it('when the answer is no 101', () => {
    const client = begun(dialect, 'client')
    give(client, Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
    expect(client.faults[0]!.code).toBe('head.status')
    expect(client.state.name).toBe('FAILED')
    expect(overOf(client)).toEqual({ over: true, clean: false })
  })

  it('when the proof of the handshake is wrong, in the dialects that have one', () => {
    const forged = forgedProof(dialect, openPair(dialect).server.sent)
    expect(forged === null).toBe(dialect.handshake.challenge === 'none')
    if (!forged) return
    const client = begun(dialect, 'client')
    give(client, forged.answer)
    expect(client.faults.map(({ code }) => code)).toEqual([forged.code])
    expect(client.state.name).toBe('FAILED')
    expect(kinds(client)).not.toContain('open')
  })
}

/** The server's answer with one bit or letter of its proof changed, and what that is called. Null where there is none. */
function forgedProof({ handshake }: Dialect, answer: Uint8Array): { answer: Uint8Array; code: FaultCode } | null {
  switch (handshake.challenge) {
    case 'none':
      return null
    case 'keyNumbers':
      return { answer: lastBitChanged(answer), code: 'challenge.proof' }
    case 'hello':
      return { answer: lastBitChanged(answer), code: 'hello.digest' }
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return { answer: firstLetterChanged(answer), code: 'head.accept' }
  }
}

function lastBitChanged(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  changed[changed.length - 1]! ^= 1
  return changed
}

function firstLetterChanged(answer: Uint8Array): Uint8Array {
  const other = (_: string, name: string, first: string) => name + (first === 'A' ? 'B' : 'A')
  return Buffer.from(latin1(answer).replace(/(Sec-WebSocket-Accept: )(.)/, other), 'latin1')
}
