// Comparisons of real lab runs, over real sockets.
import { describe, expect, it } from 'vitest'
import { compareScenario } from '../../../main/host/compareScenario.ts'
import { defaultScenario } from '../../../shared/commands/scenario.ts'
import type { Comparison } from '../../../shared/compare/types.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { must, openWorkspace } from '../lab/labs.ts'

async function compare(dialects: readonly DialectId[], lines = defaultScenario, seed = 7) {
  const workspace = openWorkspace()
  return { workspace, comparison: must(await compareScenario(workspace, { dialects, seed, lines })) }
}

function phase({ phases }: Comparison, line: string) {
  return phases.find((one) => one.line === line)!
}

/** `client request`, `server proof`. */
function rowNames({ rows }: Comparison['phases'][number]): readonly string[] {
  return rows.map(({ lane, name }) => `${lane === 'clientToServer' ? 'client' : 'server'} ${name}`)
}

describe('a comparison of all dialects', () => {
  it('has a column each, a phase a line and the opening before, and every byte in one cell', async () => {
    const { workspace, comparison } = await compare(dialectIds)
    expect(comparison.columns.map(({ dialect }) => dialect)).toEqual(dialectIds)
    expect(comparison.phases.map(({ line }) => line)).toEqual(['open', ...defaultScenario])
    comparison.columns.forEach(({ run }, index) => {
      const { capture } = workspace.runs.find(({ id }) => id === run)!
      const [connection] = capture.connections
      for (const lane of ['clientToServer', 'serverToClient'] as const) {
        const cells = comparison.phases.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells[index] ?? []))
        const size = cells.filter((cell) => cell.lane === lane).reduce((sum, cell) => sum + cell.size, 0)
        expect(size).toBe(connection!.deliveredLengthAt(lane, capture.end))
        expect(comparison.phases.reduce((sum, { bytes }) => sum + bytes[index]![lane], 0)).toBe(size)
      }
    })
  })

  it('leads each cell to its unit in the run of its column', async () => {
    const { workspace, comparison } = await compare(dialectIds)
    comparison.columns.forEach(({ run }, index) => {
      const [connection] = workspace.runs.find(({ id }) => id === run)!.capture.connections
      for (const { cells } of comparison.phases.flatMap(({ rows }) => rows)) {
        const cell = cells[index]
        if (!cell || cell.size === 0) continue
        expect(connection!.deliveredLengthAt(cell.lane, cell.cursor)).toBeGreaterThanOrEqual(cell.offset + cell.size)
        expect(connection!.row(connection!.rowHolding(cell.lane, cell.offset)).span.start).toBe(cell.offset)
      }
    })
  })

  it('breaks no rule in any dialect', async () => {
    const { comparison } = await compare(dialectIds)
    const faults = comparison.phases.flatMap(({ rows }) =>
      rows.flatMap(({ cells }) => cells.map((cell) => cell?.fault)),
    )
    expect(faults.filter(Boolean)).toEqual([])
  })

  it('is the same again with the same seed', async () => {
    const [one, other] = [await compare(dialectIds), await compare(dialectIds)]
    const bare = ({ columns: _, ...rest }: Comparison) => rest
    expect(bare(one.comparison)).toEqual(bare(other.comparison))
  })

  it('leaves the run that was shown, and has no run in the place of it', async () => {
    const workspace = openWorkspace()
    const before = must(await workspace.openLab({ dialect: 'rfc6455', seed: 1 }))
    must(await compareScenario(workspace, { dialects: dialectIds.slice(0, 2), seed: 7, lines: defaultScenario }))
    expect(workspace.current).toBe(before)
    expect(workspace.runs).toHaveLength(3)
  })
})

describe('Upgrade+Hello beside RFC 6455', () => {
  it('aligns heads and messages, and leaves the places of the Hellos empty', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'])
    const opening = phase(comparison, 'open')
    expect(rowNames(opening)).toEqual(['client request', 'server response', 'server proof', 'client proof'])
    expect(opening.rows.map(({ cells }) => cells.map((cell) => cell !== null))).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [true, false],
    ])
  })

  it('counts keys, and tells what is masked and what reads as HTTP', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'])
    const [text] = phase(comparison, 'send client text hello').rows
    expect(text!.cells).toMatchObject([
      { size: 7, keyBytes: 0, masked: false, http: false },
      { size: 11, keyBytes: 4, masked: true, http: false },
    ])
    expect(phase(comparison, 'open').rows[0]!.cells).toMatchObject([{ http: true }, { http: true }])
    expect(comparison.facts.find(({ name }) => name === 'masked')).toMatchObject({
      differs: true,
      values: ['nothing', expect.stringMatching(/^\d+ frames, \d+ B of keys$/)],
    })
  })

  it('counts how long each end waits before its first message', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'])
    const waits = (role: string) => comparison.facts.find(({ name }) => name === `the ${role} may send after`)!.values
    expect(waits('client')).toEqual(['1 round trip', '1 round trip'])
    expect(waits('server')).toEqual(['½ round trip', '½ round trip'])
  })

  it('explains what differs, from what was counted', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'])
    expect(comparison.differences).toContain(
      'hello-00 sends 44 bytes behind the heads to prove that both ends took part: 26 from the server (Hello) and 18 ' +
        'from the client (Hello); rfc6455 proves the same with one field of the response, Sec-WebSocket-Accept.',
    )
    expect(comparison.differences).toContain(
      '“send client text hello” takes 7 bytes in hello-00; 11 bytes, 4 of them masking keys, in rfc6455.',
    )
    expect(
      comparison.differences.some((sentence) => /^Masking costs .* in rfc6455; hello-00 sends the same/.test(sentence)),
    ).toBe(true)
  })

  it('counts every hash of the key as a proof, with a nonce of the server and without', async () => {
    const { comparison } = await compare(['hello-00', 'hybi-04', 'rfc6455'])
    expect(comparison.differences[0]).toContain('hybi-04 and rfc6455 prove the same with one field of the response')
    expect(comparison.differences.join(' ')).not.toContain('nothing')
  })

  it('finds nothing to say where nothing differs', async () => {
    const { comparison } = await compare(['rfc6455', 'rfc6455'])
    expect(comparison.differences).toEqual([])
    expect(comparison.facts.filter(({ differs }) => differs)).toEqual([])
  })
})

describe('a line of the scenario', () => {
  it('that a dialect lacks is told as such, and the others do it', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'], ['close client 1000 bye'])
    const { results, bytes } = phase(comparison, 'close client 1000 bye')
    expect(results).toEqual([{ kind: 'lacking', says: 'has no close codes' }, { kind: 'done' }])
    expect(bytes[0]).toEqual({ clientToServer: 0, serverToClient: 0 })
    expect(comparison.differences).toContain('“close client 1000 bye”: hello-00 has no close codes.')
  })

  it('that is repeated is explained once', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'], ['ping client', 'ping client'])
    expect(comparison.phases.filter(({ line }) => line === 'ping client')).toHaveLength(2)
    expect(comparison.differences.filter((sentence) => sentence.startsWith('“ping client”'))).toHaveLength(1)
  })

  it('that an end refuses is told with its sentence, and no error', async () => {
    const { comparison } = await compare(['hello-00', 'rfc6455'], ['close client', 'send client text late'])
    expect(phase(comparison, 'send client text late').results).toMatchObject([{ kind: 'refused' }, { kind: 'refused' }])
  })

  it('that contradicts itself is a failure before anything runs', async () => {
    const workspace = openWorkspace()
    const lines = ['ping client hello --hex 00']
    const failed = await compareScenario(workspace, { dialects: ['hello-00', 'rfc6455'], seed: 7, lines })
    expect(failed).toMatchObject({ ok: false, error: expect.stringMatching(/^“ping client hello --hex 00”: /) })
    expect(workspace.runs).toEqual([])
  })
})

it.each(dialectIds)('%s opens, and does or lacks each line of the default scenario', async (id) => {
  const { comparison } = await compare([id, 'rfc6455'])
  const kinds = comparison.phases.map(({ results }) => results[0]!.kind)
  expect(kinds).not.toContain('refused')
  expect(kinds[0]).toBe('done')
  const hasPing = Object.values(dialectById(id).opcodes).some((name) => name === 'ping')
  expect(phase(comparison, 'ping client are you there').results[0]!.kind).toBe(hasPing ? 'done' : 'lacking')
})
