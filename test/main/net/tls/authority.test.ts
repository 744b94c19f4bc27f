// The authority of a user: made once, kept for the user alone, certifying servers by the names they are asked for.
import { X509Certificate } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { authorityFile, openAuthority } from '../../../../main/net/tls/authority.ts'
import { temporaryFolder } from '../../lab/labs.ts'
import { ownAuthority } from './peers.ts'

describe('the authority of a user', () => {
  it('is made when first needed, and the same from then on', async () => {
    const folder = join(temporaryFolder(), 'not there yet')
    const first = await ownAuthority(folder)
    expect((await ownAuthority(folder)).certificate).toBe(first.certificate)
  })

  it.skipIf(process.platform === 'win32')('is kept where only the user can read it', async () => {
    const folder = join(temporaryFolder(), 'own')
    await ownAuthority(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(authorityFile(folder)).mode & 0o777).toBe(0o600)
  })

  it('is one when two programs make it at once', async () => {
    const folder = temporaryFolder()
    const [one, other] = await Promise.all([ownAuthority(folder), ownAuthority(folder)])
    expect(one.certificate).toBe(other.certificate)
    expect(readFileSync(authorityFile(folder), 'utf8')).toContain(one.certificate)
  })

  it('certifies servers, and nothing that could certify others', async () => {
    const { certificate, identityOf } = await ownAuthority()
    const { chain } = await identityOf('some.example')
    const [leaf, root] = chain as [X509Certificate, X509Certificate]
    expect(root.toString()).toBe(new X509Certificate(certificate).toString())
    expect(leaf.verify(root.publicKey)).toBe(true)
    expect([leaf.ca, root.ca]).toEqual([false, true])
    expect(leaf.checkHost('some.example')).toBe('some.example')
    expect(leaf.checkHost('other.example')).toBeUndefined()
  })

  it.each(['127.0.0.1', '::1'])('certifies the address %s as one', async (address) => {
    const { identityOf } = await ownAuthority()
    const { chain } = await identityOf(address)
    expect(chain[0]?.checkIP(address)).toBe(address)
  })

  it('certifies a name of any length', async () => {
    const { identityOf } = await ownAuthority()
    const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`
    expect((await identityOf(name)).chain[0]?.checkHost(name)).toBe(name)
  })

  it('makes a certificate once for each name', async () => {
    const { identityOf } = await ownAuthority()
    const [first, again] = await Promise.all([identityOf('some.example'), identityOf('some.example')])
    expect(again).toBe(first)
  })

  it('is refused with a sentence when its file holds something else', async () => {
    const folder = temporaryFolder()
    writeFileSync(authorityFile(folder), 'my diary')
    const opened = await openAuthority(folder)
    expect(opened).toMatchObject({ ok: false, error: expect.stringContaining('"wirestep ca remove"') })
    expect(readFileSync(authorityFile(folder), 'utf8')).toBe('my diary')
  })

  it('is refused with a sentence when it has expired', async () => {
    const folder = temporaryFolder()
    await openAuthority(folder, () => Date.parse('2010-12-01'))
    expect(await openAuthority(folder)).toMatchObject({ ok: false, error: expect.stringContaining('expired') })
  })

  it('is refused with a sentence when it cannot be kept', async () => {
    const folder = join(temporaryFolder(), 'a file')
    writeFileSync(folder, '')
    chmodSync(folder, 0o600)
    expect(await openAuthority(join(folder, 'in it'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('Could not keep an authority in'),
    })
  })
})
