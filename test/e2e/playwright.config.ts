import { defineConfig } from '@playwright/test'

/** Two hosts, one suite: `browser` drives the loopback host in Chromium, `desktop` the real Electron window. */
export default defineConfig<{ host: 'browser' | 'desktop' }>({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json']],
  projects: [
    { name: 'browser', use: { host: 'browser' } },
    { name: 'desktop', use: { host: 'desktop' } },
  ],
})
