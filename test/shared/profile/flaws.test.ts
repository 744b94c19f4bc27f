// Clients that are careless on purpose, and the rule that each breaks.
import { describe, expect, it } from 'vitest'
import { dialects } from '../../../shared/dialects/registry.ts'
import { createNonceBook } from '../../../shared/endpoint/nonceBook.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import type { FlawId } from '../../../shared/profile/flaws.ts'
import { flawIds, flawObjection } from '../../../shared/profile/flaws.ts'
import { doAct, openPair, pairOf, pass } from '../endpoint/peers.ts'

const having = (flaw: FlawId) => dialects.filter((dialect) => flawObjection(flaw, dialect) === null)
const codesOf = (faults: readonly { readonly code: string }[]) => faults.map(({ code }) => code)

describe('a careless client', () => {
  it.each(having('same-mask'))('of $id masks every frame with the same key, and is told of once', (dialect) => {
    const { client, server } = openPair(dialect, { flaw: 'same-mask' }, {})
    for (const text of ['a', 'b', 'c']) doAct(client, { kind: 'sendText', text })
    pass(client, server)
    expect(codesOf(server.faults)).toEqual(['mask.repeated'])
    expect(server.events.filter(({ kind }) => kind === 'message')).toHaveLength(3)
  })

  it.each(having('no-wait'))('of $id sends a message before it is answered', (dialect) => {
    const { client, server } = pairOf(dialect, { flaw: 'no-wait' }, {})
    doAct(client, { kind: 'open' })
    const seen = observeSent(createObserver(dialect, 'client'), client.sent).faults
    expect(codesOf(seen)).toEqual(['head.data-before-answer'])
    pass(client, server)
    expect(server.faults[0]!.code).toBe('head.data-before-answer')
  })

  it.each(having('same-nonce'))('of $id asks with the same nonce on every connection', (dialect) => {
    const book = createNonceBook()
    const asks = (connection: number) => {
      const { client } = pairOf(dialect, { flaw: 'same-nonce' }, {})
      doAct(client, { kind: 'open' })
      return codesOf(
        observeReceived(createObserver(dialect, 'server', { nonces: { book, connection } }), client.sent).faults,
      )
    }
    expect([asks(1), asks(2)]).toEqual([[], ['head.nonce-repeated']])
  })

  it('is refused where its dialect has nothing to be careless with', () => {
    const refused = flawIds.map((flaw) =>
      dialects.filter((dialect) => flawObjection(flaw, dialect)).map(({ id }) => id),
    )
    expect(refused).toEqual([['hixie-75', 'hixie-76', 'hybi-03', 'hello-00'], ['hybi-04'], ['hixie-75']])
  })
})
