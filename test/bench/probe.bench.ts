import { it } from 'vitest'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import * as direct from '/work/main/test/bench/subjectProbe.ts'
it('x', async () => {
  const bundled = await import(/* @vite-ignore */ pathToFileURL('/tmp/h8/out/subjectProbe.mjs').href)
  const frame = direct.encodeFrame({ dialect: direct.dialectById('rfc6455'), opcode: 'binary', final: true, payload: new Uint8Array(16).fill(7), mask: Uint8Array.of(1,2,3,4) })
  const lane = new Uint8Array(frame.length * 400000)
  for (let i = 0; i < 400000; i++) lane.set(frame, i * frame.length)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < lane.length; at += 65536) chunks.push(lane.subarray(at, at + 65536))
  for (const round of [1,2,3,4,5,6]) for (const [name, m] of [['vite', direct], ['bundle', bundled]] as const) {
    const dialect = m.dialectById('rfc6455')
    const scanner = m.laneScannerAfter(dialect, 'clientToServer', { kind: 'request', end: 0, bytes: new Uint8Array(0) })
    let frames = 0
    let t = performance.now()
    for (const c of chunks) scanner.push(c, () => { frames++ })
    const scan = frames / (performance.now() - t) / 1000
    const receiver = m.createReceiver({ dialect, role: 'server', limits: { head: 16384, message: 1e8 }, keepsPayloads: true, secure: null })
    receiver.stage = 'header'
    frames = 0
    t = performance.now()
    for (const c of chunks) m.feed(receiver, c, () => { frames++ })
    console.log(round, name, 'scan', scan.toFixed(2), 'receive', (frames / (performance.now() - t) / 1000).toFixed(3))
  }
})
