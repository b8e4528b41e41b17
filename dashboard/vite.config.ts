import { defineConfig } from 'vite'

/** Relative addresses, so that the box and a bucket serve the same files from wherever they lie. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy takes no data: scripts
    chunkSizeWarningLimit: 1200, // the map, which only its own pages load
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
})
