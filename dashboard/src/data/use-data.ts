import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.ts'

export interface Loaded<T> {
  data: T | null
  problem: Problem | null
  loading: boolean
  reload: () => void
}

/**
 * Loads when `key` or `version` changes, then again every `everyMs` while somebody looks. What was there for this key
 * stays while the next is loaded, and stays beside the problem if that fails.
 */
export function useData<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
  version = '',
): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; problem: Problem | null; loading: boolean }>(
    { key, data: null, problem: null, loading: true },
  )
  const latestLoad = useRef(load)
  latestLoad.current = load
  const [round, setRound] = useState(0)
  const reload = useCallback(() => setRound((n) => n + 1), [])

  useEffect(() => {
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async (): Promise<void> => {
      if (!document.hidden || everyMs === undefined) {
        try {
          const data = await latestLoad.current(abort.signal)
          if (!abort.signal.aborted) setState({ key, data, problem: null, loading: false })
        } catch (error) {
          if (abort.signal.aborted) return
          const problem = asProblem(error)
          setState((before) => ({
            key,
            data: before.key === key ? before.data : null,
            problem,
            loading: false,
          }))
        }
      }
      if (everyMs !== undefined && !abort.signal.aborted) timer = setTimeout(() => void run(), everyMs)
    }
    void run()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [key, version, everyMs, round])
  const current = state.key === key
  return {
    data: current ? state.data : null,
    problem: current ? state.problem : null,
    loading: !current || state.loading,
    reload,
  }
}
