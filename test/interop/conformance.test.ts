import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conformancePeers, conformanceResults, type PageName, pageRow } from '../../scripts/conformance.ts'
import type { ConformCase } from '../../shared/conform/case.ts'

const names = Object.keys(conformancePeers) as PageName[]

/** What the README of the pages says of these tests. */
const quick = { messages: 5, bytes: Number.POSITIVE_INFINITY }

/** All but the largest cases of sections 9, 12 and 13. */
function isQuick({ id }: ConformCase): boolean {
  if (/^9\.[12]\./.test(id)) return /\.[12]$/.test(id)
  if (/^9\.[3-6]\./.test(id)) return id.endsWith('.6')
  return !/^1[23]\./.test(id) || /\.(4|11)$/.test(id)
}

describe.concurrent('the verdicts on', () => {
  it.each(names)('%s are those that are committed', { timeout: 180_000 }, async (name) => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/conformance', name), 'utf8')
    const committed = page.split('\n').filter((line) => /^\| \d/.test(line))
    const results = await conformanceResults(name, quick, isQuick)
    const played = new Set(results.map(({ test }) => test.id))
    expect(results.map(pageRow)).toEqual(committed.filter((line) => played.has(line.split(' ')[1]!)))
  })
})

describe('our own endpoints', () => {
  it.each(['wirestep-server.md', 'wirestep-client.md'])('%s: every case passes, strictly', (name) => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/conformance', name), 'utf8')
    const verdicts = page.split('\n').flatMap((line) => /^\| \d\S* \| (\S+)/.exec(line)?.[1] ?? [])
    expect(verdicts.filter((verdict) => verdict !== 'pass' && verdict !== 'informational')).toEqual([])
    expect(verdicts.length).toBeGreaterThan(530)
  })
})
