import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { Page } from '../api/types.ts'
import { useData, type Loaded } from './use-data.ts'

export interface LoadedPages<T> extends Omit<Loaded<unknown>, 'data'> {
  items: readonly T[] | null
  /** Fetches the next page behind those that are shown; absent where there is none. */
  more: (() => void) | undefined
}

/** A list that grows page by page. All pages that are shown are looked up again every `everyMs`. */
export function usePages<T>(path: string, everyMs?: number): LoadedPages<T> {
  const [shown, setShown] = useState({ path, pages: 1 })
  const pages = shown.path === path ? shown.pages : 1
  const { data, ...rest } = useData(
    path,
    async (signal) => {
      const items: T[] = []
      let next: string | null = path
      for (let n = 0; n < pages && next !== null; n++) {
        const page: Page<T> = await call<Page<T>>(next, { signal })
        items.push(...page.items)
        next = page.next
      }
      return { items, next }
    },
    everyMs,
    String(pages),
  )
  return {
    ...rest,
    items: data?.items ?? null,
    more: data && data.next !== null ? () => setShown({ path, pages: pages + 1 }) : undefined,
  }
}
