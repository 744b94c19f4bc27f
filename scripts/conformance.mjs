// npm run conformance [-- MESSAGES [MIB [PAGE…]]]: runs every case against our endpoints and those of ws, with so many messages
// in the cases that send many, or as many as make so many MiB, and writes docs/conformance/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { root } from './setup.mjs'

const [messages = 1000, mebibytes = Number.POSITIVE_INFINITY, ...pages] = process.argv.slice(2)
const effort = { messages: Number(messages), bytes: Number(mebibytes) * 2 ** 20 }
const { module } = await runnerImport(join(root, 'scripts/conformance.ts'), { configFile: false, root })
mkdirSync(join(root, 'docs/conformance'), { recursive: true })
for (const name of pages.length > 0 ? pages : Object.keys(module.conformancePeers)) {
  const results = await module.conformanceResults(name, effort)
  writeFileSync(join(root, 'docs/conformance', name), module.conformancePage(name, effort, results))
  console.log(`docs/conformance/${name}`)
}
