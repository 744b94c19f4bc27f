import { describe, expect, it } from 'vitest'
import { openingOf } from '../../../renderer/app/opening.ts'
import { runView } from '../build.ts'

describe('a file that is being opened', () => {
  const loading = { bytes: 3 * 1024 * 1024, of: 4 * 1024 ** 3 }

  it('is told of by its name and how far it is, while what was read is shown', () => {
    expect(openingOf(null, runView({ loading, path: '/home/me/long.pcapng' }))).toMatchObject({
      ...loading,
      name: 'long.pcapng',
      says: 'Reading long.pcapng: 3 MiB of 4 GiB; what is read can be looked at already.',
    })
  })

  it('is told of before anything of it can be shown', () => {
    const app = { opening: { ...loading, path: 'C:\\captures\\dump.pcap' } } as Parameters<typeof openingOf>[0]
    expect(openingOf(app, runView())?.says).toBe('Reading dump.pcap: 3 MiB of 4 GiB; looking for the first connection.')
  })

  it('is told of no more once it is read', () => {
    expect(openingOf(null, runView())).toBe(null)
    expect(openingOf(null, null)).toBe(null)
  })
})
