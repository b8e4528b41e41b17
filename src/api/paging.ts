import * as z from 'zod'
import { apiLimits } from './limits.ts'
import { ApiProblem } from './problem.ts'

/** A cursor is opaque to callers: base64url of a JSON value whose form only its own path knows. */
export const encodeCursor = (value: unknown): string =>
  Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')

export function decodeCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined
  const parsed = schema.safeParse(parse(cursor))
  if (!parsed.success) throw new ApiProblem('bad_cursor', 'start again without a cursor')
  return parsed.data
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

export interface Page<T> {
  items: T[]
  /** Cursor of the next page, null on the last. */
  cursor: string | null
  /** The same as a link: path and query, relative to the origin. */
  next: string | null
}

/** A page with its link: the request's own URL with the cursor, and with the range that the cursor holds fast. */
export function pageOf<T>(
  url: string,
  items: T[],
  next: { cursor: unknown; query?: Readonly<Record<string, string | number>> } | null,
): Page<T> {
  if (next === null) return { items, cursor: null, next: null }
  const cursor = encodeCursor(next.cursor)
  const { pathname, searchParams } = new URL(url)
  const query: Record<string, string | number> = { ...next.query, cursor }
  for (const [name, value] of Object.entries(query)) searchParams.set(name, String(value))
  return { items, cursor, next: `${pathname}?${searchParams.toString()}` }
}

/**
 * Fills a page from a port that pages by an item's own id, keeping only what `keep` says. After a bounded number of
 * fetches it gives what it has, with a cursor to go on: a page may be short, or even empty, before the last one.
 */
export async function fillPage<T>(options: {
  fetch: (cursor: string | undefined, limit: number) => Promise<T[]>
  idOf: (item: T) => string
  keep: (item: T) => Promise<boolean> | boolean
  cursor: string | undefined
  limit: number
}): Promise<{ items: T[]; after: string | null }> {
  const { fetch, idOf, keep, limit } = options
  const items: T[] = []
  let { cursor } = options
  for (let scan = 0; scan < apiLimits.scansPerPage; scan++) {
    const found = await fetch(cursor, limit + 1)
    for (const [index, item] of found.entries()) {
      if (items.length === limit) return { items, after: cursor ?? null }
      const kept = keep(item)
      // Ten thousand answers that are there already are not waited for one by one.
      if (kept === true || (kept !== false && (await kept))) items.push(item)
      cursor = idOf(item)
      if (index === limit - 1 && items.length === limit)
        return { items, after: found.length > limit ? cursor : null }
    }
    if (found.length <= limit) return { items, after: null }
  }
  return { items, after: cursor ?? null }
}

/** Where a page by time ended: the last item's time, and how many items of that same time were given or passed over. */
export const timeCursor = z.strictObject({
  at: z.number().min(0).max(8.64e15),
  skip: z.int().min(1).max(1e6),
})
export type TimeCursor = z.output<typeof timeCursor>

/** Fills a page from a port that ascends by `at` and knows no cursor: it goes on at the last time, past the ties seen. */
export async function fillPageByTime<T extends { at: number }>(options: {
  fetch: (from: number | undefined, limit: number) => Promise<T[]>
  keep: (item: T) => Promise<boolean>
  after: TimeCursor | undefined
  limit: number
}): Promise<{ items: T[]; after: TimeCursor | null }> {
  const { fetch, keep, limit } = options
  const items: T[] = []
  let { after } = options
  for (let scan = 0; scan < apiLimits.scansPerPage; scan++) {
    const skip = after?.skip ?? 0
    const found = (await fetch(after?.at, skip + limit + 1)).sort((a, b) => a.at - b.at)
    const more = found.length > skip + limit
    for (const item of found.slice(skip, skip + limit)) {
      if (items.length === limit) return { items, after: after ?? null }
      after = { at: item.at, skip: after?.at === item.at ? after.skip + 1 : 1 }
      if (await keep(item)) items.push(item)
    }
    if (!more) return { items, after: null }
    if (items.length === limit) break
  }
  return { items, after: after ?? null }
}

export const idCursor = z.string().min(1).max(1024)
