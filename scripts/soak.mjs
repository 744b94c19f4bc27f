// `npm run soak`: a service with 1,000 sessions for two minutes under load and attack. `-- --seconds N --sessions N` for
// a shorter one. Bundled first, so that the heap that is measured is the service's and its clients', and nobody else's.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './setup.mjs'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-soak-'))
try {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'test/soak/main.ts'),
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'soak.mjs' } },
    },
  })
  const { status } = spawnSync(process.execPath, [join(folder, 'soak.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
