import { describe, expect, it } from 'vitest'
import { defaultScenario, readScenario } from '../../../shared/commands/scenario.ts'

describe('a scenario', () => {
  it('is lines of the console that make an end do something', () => {
    const read = readScenario(['send client text hello', 'close server 1000 bye'])
    expect(read).toMatchObject({
      ok: true,
      value: [
        { line: 'send client text hello', call: { name: 'send', args: { end: 'client', data: 'hello' } } },
        { line: 'close server 1000 bye', call: { name: 'close', args: { end: 'server', code: 1000, reason: 'bye' } } },
      ],
    })
  })

  it('passes over blank lines, # lines and run, so that a script of the lab can be taken as it is', () => {
    expect(readScenario(['# a comment', '', '  ', 'run', 'ping client'])).toMatchObject({
      value: [{ line: 'ping client' }],
    })
  })

  it('says in which line something else stands, and what could', () => {
    expect(readScenario(['ping client', 'step unit'])).toEqual({
      ok: false,
      error:
        'Line 2: step unit is not for a comparison, which lets everything through by itself: ' +
        'use send, ping, pong, close, end client, end server.',
    })
  })

  it('says in which line a command cannot be read', () => {
    expect(readScenario(['sent client text hello'])).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^Line 1: There is no command sent: /),
    })
  })

  it('has no more than 200 steps', () => {
    expect(readScenario(Array.from({ length: 200 }, () => 'ping client')).ok).toBe(true)
    expect(readScenario(Array.from({ length: 201 }, () => 'ping client'))).toEqual({
      ok: false,
      error: 'The scenario has 201 steps: a comparison takes 200.',
    })
  })

  it('by default opens, talks both ways, in fragments, pings and closes', () => {
    const read = readScenario(defaultScenario)
    expect(read.ok && read.value.map(({ call }) => call.name)).toEqual(['send', 'send', 'send', 'ping', 'close'])
  })
})
