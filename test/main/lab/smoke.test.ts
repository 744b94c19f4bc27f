import { it } from 'vitest'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkspace } from '../../../main/lab/workspace.ts'
for (const dialect of ['hello-00','rfc6455'] as const)
it('x' + dialect, async () => {
  const w = createWorkspace({ dataFolder: mkdtempSync(join(tmpdir(), 'ws-')), onChange() {}, onError: console.log })
  const o = await w.openLab({ dialect, seed: 7 })
  if (!o.ok) throw new Error(o.error)
  const run = o.value
  const show = (label: string) => { const v = run.view(); console.log(label, JSON.stringify({ c: v.cursor, n: v.next, s: v.connections[0]!.states, act: v.activity, l: v.connections[0]!.lanes })) }
  show('open')
  const t = performance.now()
  for (let i = 0; i < 400; i++) { const r = await run.step('byte'); if (!r.ok) { console.log(r.error); break } }
  console.log('ms per byte', (performance.now() - t) / 400)
  show('stepped')
  console.log(await run.run().then(r => r.ok))
  show('ran')
  console.log((await run.act('client', { kind: 'sendText', text: 'hello' })).ok)
  show('sent')
  console.log(await run.run().then(r => r.ok))
  console.log((await run.act('server', { kind: 'close' })).ok)
  console.log(await run.run().then(r => r.ok))
  show('closed')
  const t2 = performance.now()
  const f = await run.fork({ record: 4, bytes: 0 })
  console.log('fork', f.ok ? f.value.run.view().cursor : f.error, performance.now() - t2)
  await w.shutdown()
}, 20000)
