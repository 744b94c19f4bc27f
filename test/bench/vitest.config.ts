import { defineConfig } from 'vitest/config'
import ByName from './order.ts'

/** One benchmark at a time, in one process that can be told to collect its garbage. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['*.bench.ts'],
    globalSetup: 'test/bench/bundle.ts',
    pool: 'forks',
    execArgv: ['--expose-gc'],
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
