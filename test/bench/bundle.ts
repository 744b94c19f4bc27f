// Bundles subject.ts once for all benchmarks, with the target and the bundler of the product's own build.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the bundle of subject.ts. */
    readonly subject: string
  }
}

export default async function bundleSubject(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'wirestep-bench-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'subject.ts'),
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'subject.mjs' } },
    },
  })
  project.provide('subject', pathToFileURL(join(folder, 'subject.mjs')).href)
  return () => rm(folder, { recursive: true, force: true })
}
