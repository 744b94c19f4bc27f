import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type World, worldAt } from '../../../shared/capture/viewsUnits.ts'
import { compareRuns } from '../../../shared/replay/compareRuns.ts'
import { movesOf, scriptOf } from '../../../shared/replay/script.ts'
import { tallyText } from '../../../shared/replay/tally.ts'
import { request, response, type Said, writeConnection } from '../../main/replay/sessions.ts'

const opened: readonly Said[] = [
  ['client', request()],
  ['server', response()],
]

function captureOf(...said: readonly Said[]) {
  const capture = createCapture(createMemoryStore())
  writeConnection(capture, 1, [...opened, ...said])
  return capture
}

function worldOf(...said: readonly Said[]): World {
  const capture = captureOf(...said)
  return worldAt(capture, 1, capture.end)
}

function differences(recorded: readonly Said[], replayed: readonly Said[], role: Role = 'client'): string[] {
  const rows = compareRuns({ recorded: worldOf(...recorded), replayed: worldOf(...replayed), role })
  return Array.from(rows).flatMap(({ name, difference }) => (difference === null ? [] : `${name} ${difference}`))
}

const text = (hex: string): Said => ['server', hex]
const hello = text('810568656c6c6f')

describe('a replay beside its recording', () => {
  it.each<[string, readonly Said[], readonly Said[], readonly string[]]>([
    ['the same', [hello], [hello], []],
    ['fragments of the same', [hello], [text('010268 65'.replace(' ', '')), text('80036c6c6f')], []],
    ['another text', [hello], [text('810568616c6c6f')], ['text differs from byte 1 on: 61, was 65']],
    ['nothing', [hello], [], ['text is missing']],
    ['a ping of its own', [hello], [text('8900'), hello], ['ping is new']],
    ['another code', [text('880203e8')], [text('880203e9')], ['close has code 1001, had 1000']],
    ['another reason', [text('880303e861')], [text('880303e862')], ['close differs from byte 2 on: 62, was 61']],
    ['an illegal frame', [hello], [text('8300'), hello], ['fault is new']],
    ['an end where none was', [hello], [hello, ['server', 'fin']], []],
    ['no end', [['server', 'fin']], [], ['end of the stream is missing']],
    ['a reset for a FIN', [['server', 'fin']], [['server', 'reset']], ['end of the stream is a RST, was a FIN']],
    [
      'whatever, when the client broke off',
      [
        ['client', 'reset'],
        ['server', 'fin'],
      ],
      [['client', 'reset']],
      [],
    ],
  ])('%s', (_name, recorded, replayed, wanted) => {
    expect(differences(recorded, replayed)).toEqual(wanted)
  })

  it('ends the comparison of a lane at a message that no end would take, and says so', () => {
    const tooBig = '827f0000000100000000'
    expect(differences([hello], [hello, text(tooBig), text('810161')])).toEqual(['fault is new'])
  })

  it('judges the head of the living end only', () => {
    const other = captureOf()
    const changed = createCapture(createMemoryStore())
    writeConnection(changed, 1, [
      ['client', request().replace('/chat', '/other')],
      ['server', response('Sec-WebSocket-Protocol: a')],
    ])
    const runs = { recorded: worldAt(other, 1, other.end), replayed: worldAt(changed, 1, changed.end) }
    const found = (role: Role) => Array.from(compareRuns({ ...runs, role }), ({ difference }) => difference)
    expect(found('client')).toEqual([null, 'subprotocol a, was not given'])
    expect(found('server')).toEqual(['path /other, was /chat', null])
  })
})

describe('a recording as a script', () => {
  it('sends what the end sent, each after what had come, and leaves the handshake out', () => {
    const capture = captureOf(
      ['client', '818001020304'],
      hello,
      text('8900'),
      ['client', '8a8001020304'],
      text('880203e8'),
      ['server', 'fin'],
      ['client', '88800102030 4'.replace(' ', '')],
      ['client', 'fin'],
    )
    const script = scriptOf(capture, 1, 'client')
    if (!script.ok) throw new Error(script.error)
    const moves = Array.from(movesOf(script.value), (move) => [
      move.kind === 'end' ? move.how : move.span.end - move.span.start,
      tallyText(move.owed),
      move.peerEnded,
    ])
    expect(moves).toEqual([
      [6, '', false],
      [6, '1 message and 1 ping', false],
      [6, '1 message and 1 ping and 1 close frame', true],
      ['fin', '1 message and 1 ping and 1 close frame', true],
    ])
  })
})
