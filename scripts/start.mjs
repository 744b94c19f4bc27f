// npm start: sets up what is missing, then does what `wirestep` without arguments does.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { orExplain, root, setup } from './setup.mjs'

await orExplain(async () => {
  setup()
  const cli = join(root, 'out/main/cli.js')
  process.argv[1] = cli
  await import(pathToFileURL(cli).href)
})
