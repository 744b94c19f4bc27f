import { expect, it } from 'vitest'
import { connectionRows } from '../../../main/lab/connectionRows.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { hex } from '../../shared/capture/logs.ts'
import { topologyOf } from '../../shared/capture/topology.ts'
import { request, response } from './taps.ts'

const masked = '81 81 01020304 60'
const unmasked = '81 01 61'

it('says how many rules a connection breaks, and whether any of them ends it', () => {
  const capture = createCapture(createMemoryStore())
  // All ask with one nonce, which is a warning from the second on.
  for (const [connection, frame] of [masked, masked, unmasked].entries()) {
    const time = connection
    const pass = (lane: Lane, bytes: Uint8Array) => capture.append({ kind: 'passed', time, connection, lane, bytes })
    capture.append({ kind: 'open', time, connection, topology: topologyOf(connection), dialect: 'rfc6455' })
    pass('clientToServer', request)
    pass('serverToClient', response)
    pass('clientToServer', hex(frame))
  }
  const { rows } = connectionRows(capture, null, 0, 10)
  expect(rows.map(({ faults, worst }) => ({ faults, worst }))).toEqual([
    { faults: 0, worst: null },
    { faults: 1, worst: 'warning' },
    { faults: 2, worst: 'violation' },
  ])
})
