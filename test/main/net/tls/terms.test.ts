// What a person wishes of TLS, as the terms that connections are made on.
import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { authorityFile } from '../../../../main/net/tls/authority.ts'
import { tlsTerms } from '../../../../main/net/tls/terms.ts'
import { temporaryFolder } from '../../lab/labs.ts'

function acceptIn(dataFolder: string) {
  const terms = tlsTerms({}, { dataFolder, onProblem: () => {} })
  if (!terms.ok) throw new Error(terms.error)
  return terms.value.accept
}

describe('the authority of a run', () => {
  it('is opened once for all its connections, so that a name is certified once', async () => {
    const { identities } = acceptIn(temporaryFolder())
    const [one, other] = await Promise.all([identities(), identities()])
    expect(one.ok).toBe(true)
    expect(other).toBe(one)
  })

  it('is asked for anew when it could not be opened', async () => {
    const folder = temporaryFolder()
    const { identities } = acceptIn(folder)
    writeFileSync(authorityFile(folder), 'something else')
    expect((await identities()).ok).toBe(false)
    rmSync(authorityFile(folder))
    expect((await identities()).ok).toBe(true)
  })
})
