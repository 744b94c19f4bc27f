import { defineConfig } from '@playwright/test'

/**
 * Two hosts, one suite: `browser` drives the loopback host in Chromium, `desktop` the real Electron window. What only
 * one of them has is in files named after it.
 */
export default defineConfig<{ host: 'browser' | 'desktop' }>({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  timeout: 300_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json']],
  projects: [
    { name: 'browser', use: { host: 'browser' }, testIgnore: '*.desktop.spec.ts' },
    { name: 'desktop', use: { host: 'desktop' }, testIgnore: '*.browser.spec.ts' },
  ],
})
