/** The parts of `fetch` that this needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface InfluxOptions {
  url: string
  bucket: string
  /** Reads the token; called again when it was refused, for it is rotated. */
  readToken(): Promise<string>
  fetch: Fetch
}

export interface Influx {
  /** Writes lines, times in microseconds. */
  write(lines: readonly string[]): Promise<void>
  /** Rows of an InfluxQL statement by column name, times in microseconds. */
  query(statement: string): Promise<Record<string, unknown>[]>
  /** Runs an InfluxQL statement that removes something; what is not there is no error. */
  change(statement: string): Promise<void>
}

const LINES_AT_ONCE = 5000
const TIMEOUT_MS = 25_000

/**
 * InfluxDB over HTTP: line protocol and InfluxQL at the endpoints of 1.x, which 2.x (Timestream for InfluxDB v2) has too,
 * for a bucket that is mapped to a database of its name (lambdas/hot-store-token maps it).
 */
export function influxHttp({ url, bucket, readToken, fetch }: InfluxOptions): Influx {
  let token: Promise<string> | null = null

  async function call(
    path: string,
    init: { method: string; body?: string; type?: string },
  ): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      token ??= readToken()
      const response = await fetch(`${url}${path}`, {
        method: init.method,
        headers: {
          authorization: `Token ${await token}`,
          ...(init.type !== undefined && { 'content-type': init.type }),
        },
        ...(init.body !== undefined && { body: init.body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (response.status === 401 && attempt === 0) {
        await response.body?.cancel()
        token = null
        continue
      }
      if (!response.ok) throw new Error(`the hot store answered ${response.status}: ${(await response.text()).slice(0, 300)}`) // prettier-ignore
      return response
    }
  }

  const ask = async (method: 'GET' | 'POST', statement: string): Promise<Record<string, unknown>[]> => {
    const query = new URLSearchParams({ db: bucket, epoch: 'u', q: statement })
    return rowsOf(await (await call(`/query?${query.toString()}`, { method })).json())
  }

  return {
    write: async (lines) => {
      const query = new URLSearchParams({ db: bucket, precision: 'u' })
      for (let i = 0; i < lines.length; i += LINES_AT_ONCE) {
        const body = lines.slice(i, i + LINES_AT_ONCE).join('\n')
        const response = await call(`/write?${query.toString()}`, {
          method: 'POST',
          body,
          type: 'text/plain; charset=utf-8',
        })
        await response.body?.cancel()
      }
    },
    query: async (statement) => ask('GET', statement),
    change: async (statement) => {
      try {
        await ask('POST', statement)
      } catch (error) {
        if (!(error instanceof Error && error.message.includes('measurement not found'))) throw error
      }
    },
  }
}

interface Series {
  columns: string[]
  values: unknown[][]
}

function rowsOf(answer: unknown): Record<string, unknown>[] {
  const { results = [] } = answer as { results?: { series?: Series[]; error?: string }[] }
  return results.flatMap(({ series = [], error }) => {
    if (error !== undefined) throw new Error(`the hot store refused a query: ${error}`)
    return series.flatMap(({ columns, values }) =>
      values.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
    )
  })
}
