import { describe, expect, it } from 'vitest'
import type { ConformCase, Move } from '../../../shared/conform/case.ts'
import { chooseCases, conformCases, sectionOf } from '../../../shared/conform/cases.ts'
import { encodeRaw } from '../../../shared/conform/frames.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import { createReceiver, feed } from '../../../shared/endpoint/receiver.ts'
import { faultInfo } from '../../../shared/faults/catalogue.ts'

const idsOf = (cases: readonly ConformCase[]) => cases.map(({ id }) => id)

function chosen(patterns: string, peer: 'server' | 'client' = 'server'): readonly string[] {
  const result = chooseCases(patterns, peer)
  return result.ok ? idsOf(result.value) : [result.error]
}

function bytesOf(moves: Iterable<Move>): Uint8Array[] {
  return [...moves].flatMap((move) =>
    move.kind === 'send' ? move.frames.map((frame) => encodeRaw(frame, new Uint8Array(4))) : [],
  )
}

/** The close code with which our own receiver fails on what the case sends; null when it finds nothing wrong. */
function judged(test: ConformCase): number | null {
  const receiver = createReceiver({
    dialect: rfc6455,
    role: 'server',
    limits: defaultLimits,
    keepsPayloads: false,
    goesOn: false,
    secure: null,
  })
  receiver.stage = 'header'
  let code: number | null = null
  for (const bytes of bytesOf(test.moves({ messages: 1, bytes: 1 }))) {
    feed(receiver, bytes, (item) => {
      if (item.kind === 'faults' && item.ends) code ??= faultInfo(item.faults[0]!.code).closeCode ?? 0
    })
  }
  return code
}

const handWritten = conformCases.filter(({ id }) => /^[1-7]\./.test(id))

describe('the cases', () => {
  it('are as many in each section as in the public list', () => {
    const counts: Record<string, number> = {}
    for (const test of conformCases) counts[sectionOf(test)] = (counts[sectionOf(test)] ?? 0) + 1
    const { '0': handshake, ...rest } = counts
    expect(handshake).toBe(39)
    expect(rest).toEqual({ 1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 145, 7: 37, 9: 54, 10: 1, 12: 90, 13: 126 })
  })
  it('each have a number and a title of their own', () => {
    expect(new Set(idsOf(conformCases)).size).toBe(conformCases.length)
    const titles = conformCases.filter(({ id }) => !id.startsWith('0.')).map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) < index)).toEqual([])
  })
  it.each(handWritten)('$id expects what our receiver finds: $title', (test) => {
    const { ending } = test
    const found = judged(test)
    if (ending.kind === 'fails') expect(ending.codes).toContain(found)
    else expect(found).toBeNull()
  })
})

describe('choosing cases', () => {
  it('goes by number, by section and by group, in the order of the list', () => {
    expect(chosen('5.3')).toEqual(['5.3'])
    expect(chosen('3.*,1.1.1')).toEqual(['1.1.1', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7'])
    expect(chosen('6.4.*')).toEqual(['6.4.1', '6.4.2', '6.4.3', '6.4.4'])
    expect(chosen('1.*')).toHaveLength(16)
  })
  it('takes only what tests the role', () => {
    expect(chosen('0.*', 'client').every((id) => /^0\.[34]\./.test(id))).toBe(true)
    expect(chosen('0.1.1', 'client')).toEqual(['None of these cases tests a client: "0.1.1".'])
  })
  it('says which pattern names nothing', () => {
    expect(chosen('1.*,8.1')).toEqual([
      'There is no case "8.1": name cases such as 5.3, or many of them with 1.* or 6.4.*.',
    ])
  })
})
