import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Problem } from '../api/problem.ts'
import { pages, type PageEntry } from '../pages.ts'
import { Loading, ProblemNote } from '../ui/parts.tsx'

const loaded = new Map<string, ComponentType>()

async function load({ path, load }: PageEntry): Promise<ComponentType> {
  const found = loaded.get(path) ?? (await load())
  loaded.set(path, found)
  return found
}

/** Begins to fetch the page at this address. */
export function fetchPage(path: string): void {
  const entry = pages.find((page) => page.path === path)
  if (entry) load(entry).catch(() => {})
}

/** Fetches every page while the browser has nothing else to do, so that they are there when the network is not. */
export function fetchAhead(entries: readonly PageEntry[]): void {
  const next = entries.find(({ path }) => !loaded.has(path))
  if (!next) return
  const soon = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500))
  soon(() => {
    load(next)
      .then(() => fetchAhead(entries))
      .catch(() => {})
  })
}

/** One of the pages; its file is fetched when it is first shown, while what all pages share is still on its way. */
export function LazyPage({ entry, ready }: { entry: PageEntry; ready: boolean }) {
  const [Shown, setShown] = useState<ComponentType | null>(() => loaded.get(entry.path) ?? null)
  const [failed, setFailed] = useState(false)
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (Shown) return
    setFailed(false)
    load(entry).then(
      (page) => setShown(() => page),
      () => setFailed(true),
    )
  }, [round])
  if (Shown && ready) return <Shown />
  if (failed)
    return (
      <ProblemNote
        problem={new Problem('page_missing', 0, 'this page could not be fetched', '')}
        onRetry={() => setRound(round + 1)}
      />
    )
  return <Loading lines={8} />
}
