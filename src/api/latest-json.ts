import type { LatestReader, LatestValue } from '../ports/telemetry-reader.ts'
import { apiLimits } from './limits.ts'

type Latest = Awaited<ReturnType<LatestReader['latest']>>

interface Written {
  values: readonly LatestValue[]
  bytes: Uint8Array
}

/**
 * Writes a page of /v1/latest as JSON bytes and remembers each device's: one that has sent nothing since the last
 * request is not written again. Most of 10,000 devices have not, so a poll costs what changed (bench/api-latest.ts).
 * `links` is the rest of the page, an object with at least one field.
 */
export function latestJson(): (items: Latest, links: object) => Uint8Array<ArrayBuffer> {
  const written = new Map<string, Written>()
  const bytesOf = (item: Latest[number]): Uint8Array => {
    const known = written.get(item.thing)
    if (known && same(known.values, item.values)) return known.bytes
    const bytes = Buffer.from(JSON.stringify(item))
    // A copy, because an adapter may go on writing into its own objects.
    written.set(item.thing, { values: item.values.map((value) => ({ ...value })), bytes })
    return bytes
  }
  return (items, links) => {
    if (written.size > 2 * apiLimits.latestThings) written.clear() // devices come and go for years
    const parts = items.map(bytesOf)
    const head = Buffer.from('{"items":[')
    const tail = Buffer.from(`],${JSON.stringify(links).slice(1)}`)
    const commas = Math.max(0, parts.length - 1)
    const size = parts.reduce((sum, part) => sum + part.length, head.length + commas + tail.length)
    const page = new Uint8Array(size)
    page.set(head)
    let end = head.length
    for (const [index, part] of parts.entries()) {
      if (index > 0) page[end++] = 0x2c // comma
      page.set(part, end)
      end += part.length
    }
    page.set(tail, end)
    return page
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
        x.text === y.text &&
        x.trendPerMinute === y.trendPerMinute &&
        x.measure === y.measure
      )
    })
  )
}
