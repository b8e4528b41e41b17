import { createServer, type IncomingMessage, type Server } from 'node:http'

type Value = number | string | boolean
type Fields = Map<string, Value>
interface Point {
  time: number
  tags: ReadonlyMap<string, string>
  fields: Fields
}

/** InfluxDB 1.x's answers to what our adapter asks: line protocol, and its own few kinds of InfluxQL statement. */
export function influxStandIn() {
  const databases = new Map<string, Map<string, Map<string, Point>>>()
  const measurementsOf = (db: string): Map<string, Map<string, Point>> => {
    let found = databases.get(db)
    if (!found) databases.set(db, (found = new Map<string, Map<string, Point>>()))
    return found
  }

  function write(db: string, body: string): void {
    for (const line of body.split('\n')) {
      if (line === '') continue
      const { measurement, tags, fields, time } = parseLine(line)
      const measurements = measurementsOf(db)
      let points = measurements.get(measurement)
      if (!points) measurements.set(measurement, (points = new Map<string, Point>()))
      const key = `${[...tags].map((tag) => tag.join('=')).sort().join(',')} ${time}` // prettier-ignore
      const point = points.get(key)
      // The same series and time is one point; what is written later stands, field by field.
      if (point) for (const [name, value] of fields) point.fields.set(name, value)
      else points.set(key, { time, tags, fields })
    }
  }

  function query(db: string, statement: string): object {
    const nothing = { results: [{ statement_id: 0 }] }
    if (/^CREATE DATABASE/i.test(statement)) return nothing
    const [, dropped] = new RegExp(`^DROP MEASUREMENT (${NAME})$`).exec(statement) ?? []
    if (dropped !== undefined) {
      measurementsOf(db).delete(nameOf(dropped))
      return nothing
    }
    const [, from, which] = new RegExp(`^DELETE FROM (${NAME}) WHERE (.*)$`).exec(statement) ?? []
    if (from !== undefined && which !== undefined) {
      const points = measurementsOf(db).get(nameOf(from)) ?? new Map<string, Point>()
      const goes = condition(which)
      for (const [key, point] of points) if (goes(point)) points.delete(key)
      return nothing
    }
    const { fields, measurement, where, descending, limit } = parseSelect(statement)
    const points = [...(measurementsOf(db).get(measurement)?.values() ?? [])]
    const all = [...new Set(points.flatMap((p) => [...p.fields.keys(), ...p.tags.keys()]))].sort()
    const columns = fields ?? all
    const rows = points
      .filter((point) => where(point))
      .map((point) => [point.time, ...columns.map((c) => point.fields.get(c) ?? point.tags.get(c) ?? null)])
      .filter((row) => row.slice(1).some((value) => value !== null))
      .sort((a, b) => (Number(a[0]) - Number(b[0])) * (descending ? -1 : 1))
      .slice(0, limit)
    if (rows.length === 0) return nothing
    return { results: [{ statement_id: 0, series: [{ name: measurement, columns: ['time', ...columns], values: rows }] }] } // prettier-ignore
  }

  return {
    handle: (path: string, body: string | null): { status: number; answer: string } => {
      const { pathname, searchParams } = new URL(path, 'http://influx')
      const db = searchParams.get('db') ?? ''
      if (pathname === '/ping') return { status: 204, answer: '' }
      if (pathname === '/write') return (write(db, body ?? ''), { status: 204, answer: '' })
      if (pathname !== '/query') return { status: 404, answer: '' }
      const text = searchParams.get('q') ?? new URLSearchParams(body ?? '').get('q') ?? ''
      return { status: 200, answer: `${JSON.stringify(query(db, text))}\n` }
    },
  }
}

/** The stand-in as a server on this port of the loopback address. */
export async function serveInflux(port: number): Promise<Server> {
  const { handle } = influxStandIn()
  const bodyOf = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString()
  }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { status, answer } = handle(request.url ?? '/', body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? undefined : answer) // prettier-ignore
    })
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

/** Splits at a character that is neither escaped nor within quotes, which mean something in fields alone. */
function split(text: string, at: string, quotes: boolean): string[] {
  const parts = ['']
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '\\') parts[parts.length - 1] += c + (text[++i] ?? '')
    else if (c === at && !quoted) parts.push('')
    else {
      if (c === '"' && quotes) quoted = !quoted
      parts[parts.length - 1] += c
    }
  }
  return parts
}

const bare = (text: string): string => text.replaceAll(/\\([,= \\])/g, '$1')

function parseLine(line: string): Point & { measurement: string } {
  const [series = ''] = split(line, ' ', false)
  const [fields = '', time = ''] = split(line.slice(series.length + 1), ' ', true)
  const [measurement = '', ...tags] = split(series, ',', false)
  return {
    measurement: bare(measurement),
    tags: new Map(tags.map((tag) => split(tag, '=', false).map(bare) as [string, string])),
    fields: new Map(
      split(fields, ',', true).map((field): [string, Value] => {
        const [name = '', value = ''] = split(field, '=', true)
        return [bare(name), value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : Number(value)] // prettier-ignore
      }),
    ),
    time: Number(time),
  }
}

interface Select {
  /** Null for all of them. */
  fields: string[] | null
  measurement: string
  where(point: Point): boolean
  descending: boolean
  limit: number
}

const nameOf = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text

const NAME = String.raw`"(?:[^"\\]|\\.)*"|\w+`

function parseSelect(statement: string): Select {
  const pattern = new RegExp(`^SELECT (\\*|(?:${NAME})(?:, (?:${NAME}))*) FROM (${NAME}) WHERE (.*) ORDER BY time( DESC)?(?: LIMIT (\\d+))?$`) // prettier-ignore
  const [, fields, from, where = '', descending, limit] = pattern.exec(statement) ?? []
  if (fields === undefined || from === undefined) throw new Error(`the stand-in cannot read ${statement}`)
  const conditions = where.split(' AND ').map((text) => condition(text.trim()))
  return {
    fields: fields === '*' ? null : [...fields.matchAll(new RegExp(NAME, 'g'))].map(([name]) => nameOf(name)),
    measurement: nameOf(from),
    where: (point) => conditions.every((holds) => holds(point)),
    descending: descending !== undefined,
    limit: limit === undefined ? Infinity : Number(limit),
  }
}

function condition(text: string): (point: Point) => boolean {
  if (text.startsWith('(')) {
    const any = text.slice(1, -1).split(' OR ').map(condition)
    return (point) => any.some((holds) => holds(point))
  }
  const [, name = '', operator = '', literal = ''] = /^(\w+) (>=|<|=) (.+)$/.exec(text) ?? []
  const wanted = literal.startsWith("'") ? literal.slice(1, -1).replaceAll(/\\(['\\])/g, '$1') : Number(literal.replace(/u$/, '')) // prettier-ignore
  return (point) => {
    const value = name === 'time' ? point.time : (point.tags.get(name) ?? point.fields.get(name))
    if (value === undefined) return false
    return operator === '=' ? value === wanted : operator === '<' ? value < wanted : value >= wanted
  }
}
