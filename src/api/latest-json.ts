import type { LatestReader, LatestValue } from '../ports/telemetry-reader.ts'
import { apiLimits } from './limits.ts'

type Latest = Awaited<ReturnType<LatestReader['latest']>>

/**
 * Writes items of /v1/latest as JSON and remembers each device's text: one that has sent nothing since the last
 * request is not written again. Most of 10,000 devices have not, so a poll costs what changed (bench/api-latest.ts).
 */
export function latestJson(): (items: Latest) => string {
  const written = new Map<string, { values: readonly LatestValue[]; text: string }>()
  return (items) => {
    if (written.size > 2 * apiLimits.latestThings) written.clear() // devices come and go for years
    const texts = items.map((item) => {
      const known = written.get(item.thing)
      if (known && same(known.values, item.values)) return known.text
      const text = JSON.stringify(item)
      // A copy, because an adapter may go on writing into its own objects.
      written.set(item.thing, { values: item.values.map((value) => ({ ...value })), text })
      return text
    })
    return `[${texts.join(',')}]`
  }
}

function same(a: readonly LatestValue[], b: readonly LatestValue[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, index) => {
      const y = b[index]
      return (
        y !== undefined &&
        x.at === y.at &&
        x.value === y.value &&
        x.trendPerMinute === y.trendPerMinute &&
        x.measure === y.measure
      )
    })
  )
}
