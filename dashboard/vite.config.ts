import { defineConfig, type Plugin } from 'vite'

/** What most people see first is fetched with the page, not after its scripts have run. */
const firstPage: Plugin = {
  name: 'first-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle = {} }) {
      const page = Object.values(bundle).find((file) => file.fileName.includes('/overview-page-'))
      const files =
        page?.type === 'chunk'
          ? [page.fileName, ...page.imports].filter((name) => !name.includes('/index-'))
          : []
      return files.map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` },
        injectTo: 'head',
      }))
    },
  },
}

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
  plugins: [firstPage],
})
