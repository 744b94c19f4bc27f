// What survives what, from real runs: the committed page says what a run says now.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { survive } from '../../../main/lab/survive.ts'
import { survivalPage, survivalResults } from '../../../scripts/survival.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import type { IntermediaryKind } from '../../../shared/intermediaries/intermediary.ts'
import { breakSentence } from '../../../shared/intermediaries/survival.ts'
import { must, openWorkspace } from './labs.ts'

const outcome = async (dialect: DialectId, via: IntermediaryKind) =>
  must(await survive(openWorkspace(), dialect, via, 7))

describe('surviving an intermediary', () => {
  it('is as docs/intermediaries.md has it', { timeout: 180_000 }, async () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../docs/intermediaries.md'), 'utf8')
    expect(survivalPage(await survivalResults())).toBe(page)
  })

  it('hixie-76 fails behind a reverse proxy, at the 101, and Upgrade+Hello passes', async () => {
    const failed = await outcome('hixie-76', 'reverse-proxy')
    expect(failed).toMatchObject({
      outcome: 'fails',
      step: { lane: 'serverToClient', label: expect.stringMatching(/^101/) },
    })
    expect(breakSentence(failed)).toMatch(/the 8 bytes stay with the request parser/)
    expect(await outcome('hello-00', 'reverse-proxy')).toMatchObject({ outcome: 'survives', step: null, says: null })
  })

  it('a cache is poisoned under hybi-03, and not under hybi-08, which masks', async () => {
    expect((await outcome('hybi-03', 'cache')).outcome).toBe('poisoned')
    expect((await outcome('hybi-08', 'cache')).outcome).toBe('survives')
  })

  it('leaves no run open', async () => {
    const workspace = openWorkspace()
    must(await survive(workspace, 'rfc6455', 'relay', 7))
    expect(workspace.runs).toEqual([])
  })
})
