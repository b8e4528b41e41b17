import { defineConfig, type Plugin } from 'vite'

/** What most people see first is fetched with the page, not after its scripts have run. */
const firstPage: Plugin = {
  name: 'first-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle = {} }) {
      const page = Object.keys(bundle).find((name) => name.includes('/overview-page-'))
      if (page === undefined) throw new Error('no overview page to fetch first')
      return [
        {
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${page}` },
          injectTo: 'head',
        },
      ]
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
    rolldownOptions: {
      // What pages share is one file: a first view waits for each file it needs, however small.
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: /\.[jt]sx?$/ }] } },
    },
  },
  worker: { format: 'es' },
  plugins: [firstPage],
})
