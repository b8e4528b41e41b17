import { call, withQuery } from '../api/client.ts'
import type { Latest, Page } from '../api/types.ts'
import type { OpenWire } from './live.ts'

const EVERY_MS = 5000

/** Asks for the newest values every few seconds, where the platform has no stream. */
export const openPolling: OpenWire = (things, wire) => {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const ask = async (): Promise<void> => {
    try {
      if (things.length > 0) {
        const path = withQuery('/v1/latest', { things: things.join(',') })
        const { items } = await call<Page<Latest>>(path, { signal: abort.signal })
        for (const latest of items) wire.onLatest(latest)
        wire.onSign()
      }
      wire.onGap()
      wire.onState('polling')
    } catch {
      if (!abort.signal.aborted) wire.onState('lost')
    }
    if (!abort.signal.aborted) timer = setTimeout(() => void ask(), EVERY_MS)
  }
  void ask()
  return () => {
    abort.abort()
    clearTimeout(timer)
  }
}
