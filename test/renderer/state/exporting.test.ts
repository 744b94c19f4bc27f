import { expect, it } from 'vitest'
import { exportingSays } from '../../../renderer/state/exporting.ts'

it('an export says what is done, and how much of it once that is known', () => {
  const exporting = { path: '/tmp/a/run.har', stage: 'picking', done: 50, of: 0 } as const
  expect(exportingSays(exporting)).toBe('Exporting to run.har: taking what is wanted.')
  expect(exportingSays({ ...exporting, stage: 'writing', of: 200 })).toBe('Exporting to run.har: writing, 25%.')
})
