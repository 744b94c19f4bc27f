// npm run survival: runs every dialect behind every intermediary, and writes docs/intermediaries.md.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { root } from './setup.mjs'

const { module } = await runnerImport(join(root, 'scripts/survival.ts'), { configFile: false, root })
writeFileSync(join(root, 'docs/intermediaries.md'), module.survivalPage(await module.survivalResults()))
