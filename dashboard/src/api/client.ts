import { Problem } from './problem.ts'
import { session, signOut } from '../session/session.ts'
import type { Page } from './types.ts'

interface ProblemBody {
  code?: string
  title?: string
  detail?: string
  errors?: { at: string; message: string }[]
}

export interface CallOptions {
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  body?: unknown
  /** In the place of a body: a file as it is, under its own type. */
  file?: Blob
  signal?: AbortSignal
  headers?: Record<string, string>
}

/** One request with the session's token. Throws a Problem for whatever is not an answer. */
export async function request(path: string, options: CallOptions = {}): Promise<Response> {
  const token = session.value?.token
  const headers: Record<string, string> = { ...options.headers }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.file && { body: options.file }),
      ...(options.signal && { signal: options.signal }),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Problem('no_connection', 0, 'no connection', 'the API could not be reached')
  }
  if (response.ok) return response
  const body = (await response.json().catch(() => ({}))) as ProblemBody
  const problem = new Problem(
    codeOf(body, response, options),
    response.status,
    body.title ?? `status ${response.status}`,
    body.detail ?? response.statusText,
  )
  if (response.status === 401 && token !== undefined) signOut(problem)
  throw problem
}

/** What is read elsewhere is as absent here as a path that is not there; what cannot be done here says who does it. */
function codeOf({ code }: ProblemBody, { status }: Response, { method = 'GET' }: CallOptions): string {
  if (code === 'not_by_api' && method === 'GET') return 'no_such_path'
  return code ?? `http_${status}`
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await request(path, options)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Every page of a list, up to `most` items. */
export async function all<T>(path: string, most = Infinity, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  for (let next: string | null = path; next !== null && items.length < most;) {
    const page: Page<T> = await call<Page<T>>(next, signal ? { signal } : {})
    items.push(...page.items)
    next = page.next
  }
  return items
}

/** A path with the parameters that have a value. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined | null>>,
): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}

export const segment = encodeURIComponent
