// Three builds into out/: main (window and CLI), preload, renderer. There is no src/: entries are named here.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: {
          app: resolve(root, 'main/app/index.ts'),
          cli: resolve(root, 'main/cli/index.ts'),
          // The package entries.
          service: resolve(root, 'main/services/index.ts'),
          client: resolve(root, 'main/client/index.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20',
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: resolve(root, 'main/preload/index.ts') },
        // A sandboxed preload script is CommonJS, whatever the package is.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    plugins: [react()],
    build: {
      target: 'chrome130',
      minify: true,
      outDir: 'out/renderer',
      // The content security policy allows no data: fonts or images made at build time.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: resolve(root, 'renderer/index.html'),
          chat: resolve(root, 'renderer/pages/chat/index.html'),
          quotes: resolve(root, 'renderer/pages/quotes/index.html'),
          draft: resolve(root, 'renderer/draft/page.ts'),
        },
        // Pages name this one.
        output: { entryFileNames: ({ name }) => (name === 'draft' ? 'draft.js' : 'assets/[name]-[hash].js') },
      },
    },
  },
})
