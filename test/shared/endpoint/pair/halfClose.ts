import { expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { doAct, openPair, other, overOf, pass, settle, textMessage } from '../peers.ts'

export function halfClose(dialect: Dialect): void {
  const needsCloseFrame = dialect.closeBody !== 'none'

  it.each(roles)(
    'when the %s does between two messages: both are over, clean only where no close frame is due',
    (role) => {
      const pair = openPair(dialect)
      doAct(pair[role], { kind: 'end' })
      settle(pair)
      for (const each of roles) expect(overOf(pair[each])).toEqual({ over: true, clean: !needsCloseFrame })
      expect(other(pair, role).faults.map(({ code }) => code)).toEqual(needsCloseFrame ? ['end.no-close'] : [])
    },
  )

  it.each(roles)('when the %s does inside a frame: both are over, and neither cleanly', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'hello' })
    const from = pair[role]
    from.sent = from.sent.slice(0, -1)
    doAct(from, { kind: 'end' })
    while (pass(from, other(pair, role))) {}
    expect(other(pair, role).faults.map(({ code }) => code)).toEqual(['end.in-frame'])
    settle(pair)
    expect(overOf(other(pair, role))).toEqual({ over: true, clean: false })
    expect(overOf(from).over).toBe(true)
  })

  it.each(roles)('when the %s does behind a message, which is still delivered', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'last' })
    doAct(pair[role], { kind: 'end' })
    settle(pair)
    expect(other(pair, role).events[1]).toEqual(textMessage('last'))
  })
}
