// npm run docs: writes the generated pages into docs/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { root } from './setup.mjs'

const { module } = await runnerImport(join(root, 'scripts/docs.ts'), { configFile: false, root })
mkdirSync(join(root, 'docs/rules'), { recursive: true })
for (const [name, text] of Object.entries(module.pages())) {
  writeFileSync(join(root, 'docs', name), text)
  console.log(`docs/${name}`)
}
