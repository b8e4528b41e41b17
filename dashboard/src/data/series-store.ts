import { useEffect, useRef, useState } from 'preact/hooks'
import { follow } from '../live/live.ts'
import type { Points } from '../chart/plot.ts'
import type { LatestValue } from '../api/types.ts'

/** Short histories of what is live, one a series; what is older than `keepMs` goes. */
export class LiveSeries {
  readonly #series = new Map<string, { at: number[]; mean: (number | null)[] }>()
  readonly #keepMs: number
  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  /** What came before: readings ascending by time. Live values that are newer stay behind them. */
  seed(thing: string, measure: string, at: readonly number[], values: readonly (number | null)[]): void {
    const key = `${thing}\0${measure}`
    const had = this.#series.get(key)
    const last = at.at(-1) ?? 0
    const from = had ? had.at.findIndex((t) => t > last) : -1
    this.#series.set(key, {
      at: [...at, ...(had && from >= 0 ? had.at.slice(from) : [])],
      mean: [...values, ...(had && from >= 0 ? had.mean.slice(from) : [])],
    })
  }

  take(thing: string, values: readonly LatestValue[]): boolean {
    let changed = false
    for (const { measure, at, value } of values) {
      if (value === null) continue
      const key = `${thing}\0${measure}`
      let one = this.#series.get(key)
      if (!one) this.#series.set(key, (one = { at: [], mean: [] }))
      if ((one.at.at(-1) ?? 0) >= at) continue
      one.at.push(at)
      one.mean.push(value)
      changed = true
      const old = one.at.findIndex((t) => t >= at - this.#keepMs)
      if (old > 200) {
        one.at.splice(0, old)
        one.mean.splice(0, old)
      }
    }
    return changed
  }

  points(thing: string, measure: string): Points {
    const one = this.#series.get(`${thing}\0${measure}`)
    return one ? { at: one.at, mean: one.mean } : none
  }

  measures(thing: string): string[] {
    const prefix = `${thing}\0`
    return [...this.#series.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  }
}
const none: Points = { at: [], mean: [] }

/** In this time a chart of a minute moves by less than a pixel. */
const SHOW_EVERY_MS = 100

/** Follows these things; shows what came ten times a second, however many events there were. */
export function useLive(things: readonly string[], keepMs: number): { series: LiveSeries; version: number } {
  const key = things.join(',')
  const series = useRef(new LiveSeries(keepMs))
  const [version, setVersion] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = follow({
      things: key === '' ? [] : key.split(','),
      onValues: (thing, values) => {
        if (!series.current.take(thing, values) || timer !== undefined) return
        timer = setTimeout(() => {
          timer = undefined
          setVersion((n) => n + 1)
        }, SHOW_EVERY_MS)
      },
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [key])
  return { series: series.current, version }
}
