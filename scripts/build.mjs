// npm run build: everything into out/, always.
import { build, checkNode, installDependencies, orExplain } from './setup.mjs'

await orExplain(() => {
  checkNode()
  installDependencies()
  build()
})
