import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Hono } from 'hono'
import { ApiProblem } from './problem.ts'
import { contentSecurityPolicy } from './security-headers.ts'

interface StaticFile {
  at: string
  type: string
  /** Where it lies; throws where the package is not installed. */
  file: () => string | URL
  policy?: string
}

const html = 'text/html; charset=utf-8'
const css = 'text/css; charset=utf-8'
const javascript = 'text/javascript; charset=utf-8'
const own = (name: string) => () => new URL(`./page/${name}`, import.meta.url)
const swagger = (name: string) => () => createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)

/** Swagger UI writes style attributes and draws with data: images. */
const swaggerPolicy = `${contentSecurityPolicy}; style-src 'self' 'unsafe-inline'; img-src 'self' data:`

/** A fixed list: no part of a request ever becomes part of a file name. */
const files: readonly StaticFile[] = [
  { at: '/favicon.svg', type: 'image/svg+xml', file: own('favicon.svg') },
  { at: '/docs', type: html, file: own('docs.html'), policy: swaggerPolicy },
  { at: '/docs/docs.js', type: javascript, file: own('docs.js') },
  { at: '/docs/swagger-ui.css', type: css, file: swagger('swagger-ui.css') },
  { at: '/docs/swagger-ui-bundle.js', type: javascript, file: swagger('swagger-ui-bundle.js') },
]

/** Serves the API's own page. A bundle for Lambda has none: there these paths are not_installed. */
export function serveStaticFiles(app: Hono): void {
  for (const { at, type, file, policy } of files) {
    let bytes: Promise<Uint8Array<ArrayBuffer>> | undefined
    app.get(at, async (context) => {
      bytes ??= read(file)
      const content = await bytes.catch(() => {
        bytes = undefined
        throw new ApiProblem('not_installed', `${at} is not part of this installation`)
      })
      return context.body(content, 200, {
        'content-type': type,
        'cache-control': 'no-cache',
        ...(policy !== undefined && { 'content-security-policy': policy }),
      })
    })
  }
}

const read = async (file: () => string | URL): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(file()))
