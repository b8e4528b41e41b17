import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Hono } from 'hono'
import { ApiProblem } from './problem.ts'
import { contentSecurityPolicy } from './security-headers.ts'

/** Gives the folder of the built web page, once it is built; null where there is none. */
export type PageFolder = () => Promise<string | null>

interface PageFile {
  type: string
  plain: Uint8Array<ArrayBuffer>
  /** Made when it is first asked for: most people never open the map. */
  packed: () => Promise<Uint8Array<ArrayBuffer>>
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
}

/** The map draws from blobs and sets its size by style; nothing comes from elsewhere. */
const policy = `${contentSecurityPolicy}; img-src 'self' data: blob:; worker-src 'self' blob:`

const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Telltale</title>
<h1>The page is not built yet</h1>
<p>Run <code>npm run build:page</code> beside this installation, then load this page again. The API works without:
<a href="/docs">its documentation</a>.</p></html>`

/**
 * Serves the built web page. Its files are read once, from the folder's own list, so no part of a request ever becomes
 * part of a file name. A file named by its content never changes and may be kept for ever.
 */
export function servePageFiles(app: Hono, folder: PageFolder): void {
  let loading: Promise<Map<string, PageFile>> | undefined
  const files = async (): Promise<Map<string, PageFile>> => {
    loading ??= folder().then(async (found) => (found === null ? new Map<string, PageFile>() : load(found)))
    const loaded = await loading
    if (loaded.size === 0) loading = undefined // it may be built later
    return loaded
  }
  app.get('/', async (context) => {
    const file = (await files()).get('index.html')
    if (!file) return context.body(unbuilt, 503, { 'content-type': types['html'] ?? '' })
    return answer(file, context.req.header('accept-encoding'), 'no-cache')
  })
  app.get('/assets/:name', async ({ req }) => {
    const file = (await files()).get(`assets/${req.param('name')}`)
    if (!file) throw new ApiProblem('no_such_path', `nothing at ${req.path}`)
    return answer(file, req.header('accept-encoding'), 'public, max-age=31536000, immutable')
  })
  // On AWS this file says where people sign in; here a token does.
  app.get('/config.json', (context) => context.json({}))
}

async function answer(
  { type, plain, packed }: PageFile,
  accepted: string | undefined,
  cacheControl: string,
): Promise<Response> {
  const headers = { 'content-type': type, 'cache-control': cacheControl, vary: 'accept-encoding' }
  return accepted?.includes('gzip')
    ? new Response(await packed(), {
        headers: { ...headers, 'content-encoding': 'gzip', 'content-security-policy': policy },
      })
    : new Response(plain, { headers: { ...headers, 'content-security-policy': policy } })
}

async function load(folder: string): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const plain = new Uint8Array(await readFile(path))
    let once: Promise<Uint8Array<ArrayBuffer>> | undefined
    const packed = () => (once ??= promisify(gzip)(plain).then((bytes) => new Uint8Array(bytes)))
    const type = types[entry.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    files.set(
      path
        .slice(folder.length)
        .replace(/^[/\\]/, '')
        .replaceAll('\\', '/'),
      { type, plain, packed },
    )
  }
  return files
}
