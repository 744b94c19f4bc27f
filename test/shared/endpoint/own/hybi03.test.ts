import { describe, expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import { hybi03 } from '../../../../shared/dialects/hybi03.ts'
import { doAct, give, openPair, pairOf } from '../peers.ts'

describe('hybi-03', () => {
  it.each(['1', '2', '3'])('is told by draft number %s, and sends 2', (number) => {
    const { client } = pairOf(hybi03)
    doAct(client, { kind: 'open' })
    const text = Buffer.from(client.sent).toString('latin1')
    expect(text).toContain('\r\nSec-WebSocket-Draft: 2\r\n')
    const { server } = pairOf(hybi03)
    give(server, Buffer.from(text.replace('Draft: 2', `Draft: ${number}`), 'latin1'))
    expect(server.faults).toEqual([])
    expect(server.state.name).toBe('OPEN')
  })

  it('says with its first bit that more follow', () => {
    const { client } = openPair(hybi03)
    const at = client.sent.length
    doAct(client, { kind: 'sendText', text: 'Hello', fragments: 2 })
    expect(toHex(client.sent.slice(at))).toBe('84024865' + '00036c6c6f')
  })
})
