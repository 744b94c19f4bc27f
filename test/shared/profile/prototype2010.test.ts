// The five restrictions of the prototype: what each refuses, why, and what lifts it.
import { describe, expect, it } from 'vitest'
import {
  connectionRefusal,
  messageRefusal,
  planRefusal,
  restrictionIds,
  restrictions,
  tapPlan,
} from '../../../shared/profile/prototype2010.ts'

const profile = 'prototype-2010'

/** The whole refusal, as the table has its parts. */
function explained(id: keyof typeof restrictions): RegExp {
  const { rule, why, lifted } = restrictions[id]
  const plain = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`is refused: the 2010 prototype ${plain(rule)}, because ${plain(why)}\\. ${plain(lifted)}$`)
}

describe('the prototype of 2010', () => {
  it('has five restrictions, each with its reason, what lifts it and a source', () => {
    expect(restrictionIds).toEqual(['ports', 'messages', 'proxies', 'tls', 'connections'])
    for (const { why, lifted, cite } of Object.values(restrictions)) {
      expect([why, lifted, cite].every((text) => text.length > 10)).toBe(true)
    }
  })

  it.each([4502, 4534])('takes port %d', (port) => {
    expect(planRefusal(profile, { ports: [port] })).toBe(null)
    expect(planRefusal(profile, { urls: [`ws://127.0.0.1:${port}/`] })).toBe(null)
  })

  it.each([0, 80, 4501, 4535, 8080])('refuses port %d, and says whose rule that was', (port) => {
    expect(planRefusal(profile, { ports: [port] })).toMatch(explained('ports'))
    expect(planRefusal(profile, { ports: [port] })).toMatch(`Port ${port} is refused`)
  })

  it('refuses the default port of ws:, which is 80', () => {
    expect(planRefusal(profile, { urls: ['ws://127.0.0.1/'] })).toMatch('Port 80 is refused')
  })

  it('refuses wss: and says so before it looks at the port', () => {
    expect(planRefusal(profile, { urls: ['wss://127.0.0.1:8443/'] })).toMatch(explained('tls'))
  })

  it('refuses a proxy', () => {
    expect(planRefusal(profile, { urls: ['ws://127.0.0.1:4502/'], proxied: true })).toMatch(explained('proxies'))
    expect(planRefusal(profile, tapPlan(4503, undefined))).toMatch(explained('proxies'))
    expect(planRefusal(profile, tapPlan(4503, 'ws://127.0.0.1:4502/'))).toBe(null)
  })

  it('takes texts of 125 bytes and none of 126', () => {
    expect(messageRefusal(profile, 'text', 124)).toBe(null)
    expect(messageRefusal(profile, 'text', 125)).toBe(null)
    expect(messageRefusal(profile, 'text', 126)).toMatch(explained('messages'))
    expect(messageRefusal(profile, 'text', 126)).toMatch('A message of 126 bytes is refused')
  })

  it('refuses a binary message of any size', () => {
    expect(messageRefusal(profile, 'binary', 0)).toMatch(explained('messages'))
  })

  it('refuses the sixth connection', () => {
    expect(connectionRefusal(profile, 4)).toBe(null)
    expect(connectionRefusal(profile, 5)).toMatch(explained('connections'))
    expect(connectionRefusal(profile, 5)).toMatch('Connection 6 is refused')
  })

  it('refuses nothing where nobody asked for it', () => {
    expect(planRefusal(undefined, { ports: [8080], urls: ['wss://example.com/'], proxied: true })).toBe(null)
    expect(messageRefusal(undefined, 'binary', 1000)).toBe(null)
    expect(connectionRefusal(undefined, 1000)).toBe(null)
  })
})
