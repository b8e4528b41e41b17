import { readEndpoint } from '../../../local/endpoint-file.ts'
import { CliFailure } from '../exit-codes.ts'
import type { BoxOptionValues } from './options.ts'
import { trustBox } from './trust-box.ts'

export interface ApiClient {
  url: string
  token: string
  get<T>(path: string, query?: Query): Promise<T>
  /** The body as it is. */
  text(path: string): Promise<string>
  /** The same, null where the API says 404. */
  find<T>(path: string): Promise<T | null>
  send<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs?: number): Promise<T>
  /** Bytes as they are, with the link to what comes next and the share that is done. */
  download(path: string): Promise<{ bytes: Uint8Array; next: string | null; done: number; rows: number }>
  upload<T>(path: string, mediaType: string, bytes: Uint8Array): Promise<T>
  /** Every item of a paged list, page by page. */
  pages<T>(path: string, query?: Query): AsyncGenerator<T[]>
}

export type Query = Readonly<Record<string, string | number | undefined>>

interface Problem {
  code?: string
  title?: string
  detail?: string
}

const TIMEOUT_MS = 60_000

/** The API that the options lead to: the address and token given, else the environment's, else the data directory's. */
export function openApi(options: BoxOptionValues): ApiClient {
  const url = options.url ?? process.env['TELLTALE_URL']
  const token = options.token ?? process.env['TELLTALE_TOKEN']
  if (url !== undefined && token !== undefined) return apiClient(url, token)
  const endpoint = readEndpoint(options.data)
  if (endpoint?.url.startsWith('https:')) trustBox(options.data)
  if (!endpoint && (url === undefined || token === undefined))
    throw new CliFailure(
      'unreachable',
      `no box is up in ${options.data}; start one with telltale up, or give --url and --token`,
    )
  return apiClient(url ?? endpoint!.url, token ?? endpoint!.token)
}

export function apiClient(url: string, token: string): ApiClient {
  const base = url.replace(/\/+$/, '')

  async function call(
    method: string,
    path: string,
    body?: { mediaType: string; bytes: string | Uint8Array },
    timeoutMs = TIMEOUT_MS,
  ): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (body !== undefined) headers['content-type'] = body.mediaType
    const ask = async (): Promise<Response> =>
      fetch(base + path, {
        method,
        headers,
        ...(body && { body: body.bytes as string | Uint8Array<ArrayBuffer> }),
        signal: AbortSignal.timeout(timeoutMs),
      })
    try {
      // A kept connection may be closed by the other side just as it is used again, which a busy process learns too late.
      // RFC 9110 section 9.2.2: what is idempotent may be asked again by itself.
      return await ask().catch(async (error: unknown) => {
        if (method === 'POST' || !wasClosed(error)) throw error
        return ask()
      })
    } catch (error) {
      const cause = (error as Error).cause ?? error
      throw new CliFailure(
        'unreachable',
        `${base} does not answer (${(cause as Error).message}); is the box up?`,
      )
    }
  }

  async function valueOf<T>(response: Response, path: string): Promise<T> {
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
    return failed(response, path)
  }

  async function failed(response: Response, path: string): Promise<never> {
    const problem = (await response.json().catch(() => ({}))) as Problem
    const denied = response.status === 401 || response.status === 403
    const exit = denied ? 'denied' : problem.code === 'bad_table' ? 'badInput' : 'failed'
    const said = problem.title
      ? `${problem.title} (${problem.detail ?? problem.code})`
      : `status ${response.status}`
    throw new CliFailure(exit, `${path}: ${said}`)
  }

  const json = (body: unknown) =>
    body === undefined ? undefined : { mediaType: 'application/json', bytes: JSON.stringify(body) }

  const get = async <T>(path: string, query: Query = {}): Promise<T> => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) parameters.set(name, String(value))
    const text = parameters.toString()
    const full = text === '' ? path : `${path}?${text}`
    return valueOf<T>(await call('GET', full), path)
  }

  return {
    url: base,
    token,
    get,
    text: async (path) => {
      const response = await call('GET', path)
      return response.ok ? response.text() : failed(response, path)
    },
    find: async <T>(path: string) => {
      const response = await call('GET', path)
      return response.status === 404 ? null : valueOf<T>(response, path)
    },
    send: async <T>(method: string, path: string, body?: unknown, timeoutMs?: number) =>
      valueOf<T>(await call(method, path, json(body), timeoutMs), path),
    download: async (path) => {
      const response = await call('GET', path)
      if (!response.ok) return valueOf(response, path.split('?', 1)[0]!)
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        // RFC 8288: the one link that the API gives.
        next: /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null,
        done: Number(response.headers.get('x-done')),
        rows: Number(response.headers.get('x-rows')),
      }
    },
    upload: async <T>(path: string, mediaType: string, bytes: Uint8Array) =>
      valueOf<T>(await call('POST', path, { mediaType, bytes }), path),
    async *pages<T>(path: string, query: Query = {}) {
      for (let cursor: string | undefined; ;) {
        const page: { items: T[]; cursor: string | null } = await get(path, { ...query, cursor })
        yield page.items
        if (page.cursor === null) return
        cursor = page.cursor
      }
    },
  }
}

const wasClosed = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET'
}

export const inPath = encodeURIComponent
