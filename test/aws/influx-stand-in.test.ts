import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { influxStandIn } from './emulator/influx-stand-in.ts'

interface Exchange {
  path: string
  body: string | null
  status: number
  answer: string
}
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/influxdb/exchanges.json', import.meta.url), 'utf8'),
) as Exchange[][]

/** Points of one moment have no order among series; the adapter sorts them. */
function inOrder(answer: string): unknown {
  const parsed = JSON.parse(answer) as { results: { series?: { values: unknown[][] }[] }[] }
  for (const { series = [] } of parsed.results)
    for (const { values } of series)
      values.sort((a, b) => Number(a[0]) - Number(b[0]) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return parsed
}

describe('influxStandIn', () => {
  it('answers every request that was ever recorded as the real InfluxDB did', () => {
    expect(recorded.flat().length).toBeGreaterThan(30)
    for (const exchanges of recorded) {
      const { handle } = influxStandIn()
      for (const { path, body, status, answer } of exchanges) {
        const given = handle(path, body)
        expect(given.status, path).toBe(status)
        if (answer !== '') expect(inOrder(given.answer), path).toEqual(inOrder(answer))
      }
    }
  })
})
