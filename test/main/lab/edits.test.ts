import { describe, expect, it } from 'vitest'
import type { Run } from '../../../main/lab/types.ts'
import { bytesView, ladderRows, messageViews } from '../../../shared/capture/views.ts'
import { laneOf, must, openLab, runAll } from './labs.ts'

const lane = 'clientToServer'

/** An open hello-00 connection at whose gate the texts are held. */
async function holding(...texts: string[]): Promise<{ run: Run; at: number }> {
  const { run } = await openLab('hello-00')
  await runAll(run)
  for (const text of texts) must(await run.act('client', { kind: 'sendText', text }))
  return { run, at: laneOf(run, lane).delivered }
}

function textsIn(run: Run): string[] {
  return messageViews(run.capture, 1, run.view().cursor, 0, 100).rows.map(({ preview }) => preview)
}

describe('held bytes', () => {
  it('reach the receiver as they were edited', async () => {
    const { run, at } = await holding('hello')
    must(await run.edit(lane, at + 2, 1, Buffer.from('J')))
    await runAll(run)
    expect(textsIn(run)).toEqual([expect.stringContaining('Jello')])
  })

  it('reach the receiver with what was inserted between them', async () => {
    const { run, at } = await holding('one', 'three')
    must(await run.insert(lane, at + 5, Buffer.from('\x84\x03two', 'latin1')))
    await runAll(run)
    expect(textsIn(run)).toEqual(['one', 'two', 'three'].map((text) => expect.stringContaining(text)))
  })

  it('never reach the receiver when their unit was dropped', async () => {
    const { run, at } = await holding('one', 'two', 'three')
    must(await run.drop(lane, at + 6))
    await runAll(run)
    expect(textsIn(run)).toEqual(['one', 'three'].map((text) => expect.stringContaining(text)))
    const rows = ladderRows(run.capture, 1, run.view().cursor, 0, 100).rows
    expect(rows.map(({ kind }) => kind)).toContain('dropped')
  })

  it('reach the receiver twice when their unit was duplicated', async () => {
    const { run, at } = await holding('one', 'two')
    must(await run.duplicate(lane, at))
    await runAll(run)
    expect(textsIn(run)).toEqual(['one', 'one', 'two'].map((text) => expect.stringContaining(text)))
  })

  it('stay in the record as they were sent', async () => {
    const { run, at } = await holding('hello')
    must(await run.edit(lane, at + 2, 1, Buffer.from('J')))
    await runAll(run)
    const connection = run.capture.connections[0]!
    expect(Buffer.from(connection.readSent(lane, at + 2, at + 7)).toString()).toBe('hello')
    expect(Buffer.from(connection.readDelivered(lane, at + 2, at + 7)).toString()).toBe('Jello')
  })

  it('are changed in every view at once', async () => {
    const { run, at } = await holding('hello')
    must(await run.edit(lane, at + 2, 1, Buffer.from('J')))
    const view = bytesView(run.capture, 1, run.view().cursor, lane, at, 7)
    expect(Buffer.from(view.bytes).toString('latin1')).toContain('Jello')
    expect(view.edits).toEqual([{ start: at + 2, end: at + 3, label: 'edited' }])
  })
})

describe('an edit', () => {
  it('is refused outside of what is held, with the range that is', async () => {
    const { run, at } = await holding('hello')
    const only = `Only held bytes can be changed: on the client's lane those from ${at} to ${at + 6}.`
    expect(await run.edit(lane, at - 1, 1, Buffer.of(1))).toEqual({ ok: false, error: only })
    expect(await run.edit(lane, at + 6, 2, Buffer.of(1))).toEqual({ ok: false, error: only })
    expect(await run.drop(lane, 0)).toEqual({ ok: false, error: only })
    expect(await run.duplicate('serverToClient', 0)).toEqual({
      ok: false,
      error: "Nothing is held on the server's lane: only held bytes can be changed.",
    })
  })

  it('of a whole unit is refused once part of it was delivered', async () => {
    const { run, at } = await holding('hello')
    must(await run.step('byte'))
    expect(await run.drop(lane, at + 2)).toMatchObject({
      ok: false,
      error: expect.stringContaining('delivered already'),
    })
  })

  it('is refused behind the delivered end of a stream', async () => {
    const { run } = await holding()
    must(await run.act('client', { kind: 'end' }))
    await runAll(run)
    const { delivered } = laneOf(run, lane)
    expect(await run.insert(lane, delivered, Buffer.of(1))).toEqual({
      ok: false,
      error: "The end of the client's stream was delivered already: nothing can come after it.",
    })
  })

  it('that changes nothing is refused', async () => {
    const { run, at } = await holding('hello')
    expect(await run.edit(lane, at, 0, new Uint8Array(0))).toMatchObject({ ok: false })
  })
})
