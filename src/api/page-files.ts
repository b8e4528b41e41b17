import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Hono } from 'hono'
import type { PageConfig, ProviderSignIn } from '../ports/page-config.ts'
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

/** The map draws from blobs and sets its size by style; nothing comes from elsewhere, but tokens of where people sign in. */
const policy = `${contentSecurityPolicy}; img-src 'self' data: blob:; worker-src 'self' blob:`
const policyWith = (provider: ProviderSignIn | null): string =>
  provider ? `${policy}; connect-src 'self' ${new URL(provider.token).origin}` : policy

const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Telltale</title>
<h1>The page is not built yet</h1>
<p>Run <code>npm run build:page</code> beside this installation, then load this page again. The API works without:
<a href="/docs">its documentation</a>.</p></html>`

/**
 * Serves the built web page. Its files are read once, from the folder's own list, so no part of a request ever becomes
 * part of a file name. A file named by its content never changes and may be kept for ever.
 */
export function servePageFiles(
  app: Hono,
  folder: PageFolder,
  signIn: () => Promise<ProviderSignIn | null> = () => Promise.resolve(null),
): void {
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
    const headers = { 'cache-control': 'no-cache', 'content-security-policy': policyWith(await signIn()) }
    return answer(file, context.req.header('accept-encoding'), headers)
  })
  app.get('/assets/:name', async ({ req }) => {
    const file = (await files()).get(`assets/${req.param('name')}`)
    if (!file) throw new ApiProblem('no_such_path', `nothing at ${req.path}`)
    const headers = {
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': policy,
    }
    return answer(file, req.header('accept-encoding'), headers)
  })
  app.get('/config.json', async (context) => {
    const provider = await signIn()
    return context.json<PageConfig>(provider ? { provider } : {})
  })
}

async function answer(
  { type, plain, packed }: PageFile,
  accepted: string | undefined,
  given: Readonly<Record<string, string>>,
): Promise<Response> {
  const headers = { 'content-type': type, vary: 'accept-encoding', ...given }
  return accepted?.includes('gzip')
    ? new Response(await packed(), { headers: { ...headers, 'content-encoding': 'gzip' } })
    : new Response(plain, { headers })
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
