/** Lets this many promises run at once; the next `add` waits for room. Fails with the first failure. */
export interface InFlight {
  add(work: Promise<unknown>): Promise<void>
  drained(): Promise<void>
  count(): number
}

export function inFlight(most: number): InFlight {
  let count = 0
  let failure: { error: unknown } | null = null
  let wake = (): void => {}
  const changed = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  const settled = (): void => {
    count--
    wake()
  }
  const check = (): void => {
    if (failure) throw failure.error
  }
  return {
    add: async (work) => {
      count++
      work.then(settled, (error: unknown) => {
        failure ??= { error }
        settled()
      })
      while (count >= most && !failure) await changed()
      check()
    },
    drained: async () => {
      while (count > 0 && !failure) await changed()
      check()
    },
    count: () => count,
  }
}
