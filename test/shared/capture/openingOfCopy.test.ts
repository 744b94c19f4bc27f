import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { piecesOfLog } from '../../../shared/capture/logPieces.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { Naming } from '../../../shared/capture/types.ts'
import { newestDialect } from '../../../shared/dialects/registry.ts'
import { emitPart } from '../../../shared/export/part.ts'
import { openFile } from './opened.ts'
import { topologyOf } from './topology.ts'

/** A session with a request of that field, opened again with what a person says of it. */
function sessionAsking(field: string, naming: Naming): Capture {
  const store = createMemoryStore()
  const capture = createCapture(store)
  const stamp = { time: 1_700_000_000_000, connection: 1 }
  capture.append({ kind: 'open', ...stamp, topology: topologyOf(1) })
  const bytes = encodeLatin1(`GET / HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`)
  capture.append({ kind: 'passed', ...stamp, lane: 'clientToServer', bytes })
  const opened = openFile(store.read(0, store.size), { naming })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value.capture
}

/** What connection 1 of each copy is read as, by somebody who is told nothing. */
function copiesOf(capture: Capture): string[] {
  const saved = openFile(concat(...piecesOfLog(capture, [])))
  if (!saved.ok) throw new Error(saved.error)
  const part = createCapture(createMemoryStore())
  const steps = emitPart(capture, { connection: 1, matcher: null, redaction: null }, part.append)
  while (!steps.next().done);
  return [saved.value.capture, part].map((copy) => copy.connection(1).dialect.id)
}

describe('a copy of a connection', () => {
  it('states what a person said of a request that no dialect explains', () => {
    const capture = sessionAsking('Upgrade: h2c', { all: 'hello-00' })
    expect(capture.connection(1).dialect.id).toBe('hello-00')
    expect(copiesOf(capture)).toEqual(['hello-00', 'hello-00'])
  })

  it('states nothing where nobody said anything, or the request tells it', () => {
    expect(copiesOf(sessionAsking('Upgrade: h2c', {}))).toEqual([newestDialect.id, newestDialect.id])
    const told = sessionAsking('Upgrade: WebSocket', { all: 'hello-00' })
    expect(copiesOf(told)).toEqual([told.connection(1).dialect.id, told.connection(1).dialect.id])
    expect(told.connection(1).opened.dialect).toBeUndefined()
  })
})
