/** First levels of topics that anyone ever subscribed to. It may say yes too often, never no too often. */
export interface Interest {
  add(filter: string): void
  has(root: string): boolean
}

export function createInterest(): Interest {
  const roots = new Set<string>()
  let any = false
  return {
    add: (filter) => {
      const root = filter.split('/', 1)[0]!
      if (root === '+' || root === '#') any = true
      else roots.add(root)
    },
    has: (root) => any || roots.has(root),
  }
}
