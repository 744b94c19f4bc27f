// npm run conformance: runs every case in full against our endpoints and those of ws, and writes docs/conformance/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { root } from './setup.mjs'

const messages = Number(process.argv[2] ?? 1000)
const { module } = await runnerImport(join(root, 'scripts/conformance.ts'), { configFile: false, root })
mkdirSync(join(root, 'docs/conformance'), { recursive: true })
for (const name of Object.keys(module.conformancePeers)) {
  const results = await module.conformanceResults(name, { messages, takes: () => true })
  writeFileSync(join(root, 'docs/conformance', name), module.conformancePage(name, messages, results))
  console.log(`docs/conformance/${name}`)
}
