import { computed, signal } from '@preact/signals'

/** Where the page is: `#/device/motor-1?last=1h`. The path's parts are decoded. */
export interface Route {
  parts: readonly string[]
  query: URLSearchParams
}

const address = signal(location.hash)
addEventListener('hashchange', () => (address.value = location.hash))

export const route = computed<Route>(() => {
  const [path = '', query = ''] = address.value.replace(/^#\/?/, '').split('?', 2)
  return {
    parts: path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
    query: new URLSearchParams(query),
  }
})

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function linkTo(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString()
  return `#/${parts.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

export function go(parts: readonly string[], query: Readonly<Record<string, string>> = {}): void {
  location.hash = linkTo(parts, query)
}

/** Changes the query of this page without a new entry in the history: filters and ranges are shareable, not steps. */
export function setQuery(change: Readonly<Record<string, string | null>>): void {
  const { parts, query } = route.peek()
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(change))
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  history.replaceState(null, '', linkTo(parts, Object.fromEntries(next)))
  address.value = location.hash
}
