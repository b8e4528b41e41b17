import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Fetch } from '../../src/adapters/aws/influx/influx-http.ts'

interface Exchange {
  method: string
  path: string
  body: string | null
  status: number
  answer: string
}

const file = fileURLToPath(new URL('../fixtures/influxdb/exchanges.json', import.meta.url))

/**
 * What a real InfluxDB answered, by test. Set INFLUXDB_URL to a running one (Debian's influxdb 1.6.7 made the file) to
 * ask it anew and record; without it every request must be exactly the recorded one.
 */
export function influxRecording() {
  const live = process.env['INFLUXDB_URL']
  const recorded: Exchange[][] =
    live === undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Exchange[][]) : []
  let cases = 0

  /** The next test's own database. */
  function next(): { bucket: string; fetch: Fetch } {
    const bucket = `case${cases}`
    const exchanges = (recorded[cases++] ??= [])
    let n = 0
    const replay: Fetch = async (url, init) => {
      const { pathname, search } = new URL(url)
      const request = { method: String(init.method), path: pathname + search, body: typeof init.body === 'string' ? init.body : null } // prettier-ignore
      if (live !== undefined) {
        const response = await fetch(live + request.path, init)
        const answer = await response.text()
        exchanges.push({ ...request, status: response.status, answer })
        return new Response(response.status === 204 ? null : answer, { status: response.status })
      }
      const known = exchanges[n++]
      const { status, answer, ...expected } = known ?? { status: 0, answer: '' }
      if (JSON.stringify(expected) !== JSON.stringify(request))
        throw new Error(
          `not as recorded: ${JSON.stringify(request)}, but ${JSON.stringify(expected)}; record again`,
        )
      return new Response(status === 204 ? null : answer, { status })
    }
    return { bucket, fetch: replay }
  }

  return {
    next,
    live,
    save: () => {
      if (live !== undefined) writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`)
    },
  }
}
