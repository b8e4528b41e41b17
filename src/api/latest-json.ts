import type { LatestReader } from '../ports/telemetry-reader.ts'

/**
 * Items of /v1/latest as JSON, by hand: JSON.stringify spends its time on keys that are the same 50,000 times
 * (bench/api-latest.ts). What is not finite is null, as JSON.stringify has it.
 */
export function latestJson(items: Awaited<ReturnType<LatestReader['latest']>>): string {
  const heads = new Map<string, string>()
  let lastAt = Number.NaN
  let atText = ''
  let text = '['
  let itemComma = ''
  for (const { thing, values } of items) {
    text += `${itemComma}{"thing":${JSON.stringify(thing)},"values":[`
    itemComma = ','
    let comma = ''
    for (const { measure, at, value, trendPerMinute } of values) {
      let head = heads.get(measure)
      if (head === undefined) heads.set(measure, (head = `{"measure":${JSON.stringify(measure)},"at":`))
      if (at !== lastAt) {
        lastAt = at
        atText = String(at)
      }
      text += `${comma}${head}${atText},"value":${finite(value)},"trendPerMinute":${finite(trendPerMinute)}}`
      comma = ','
    }
    text += ']}'
  }
  return `${text}]`
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null
