import type { Command } from 'commander'
import type { Anomaly } from '../core/telemetry/stage.ts'
import type { Alarm } from '../ports/alarm-book.ts'
import type { LatestValue, Reading } from '../ports/telemetry-reader.ts'
import { querySeries } from './query-series.ts'
import { inPath, openApi, type Query } from './support/api-client.ts'
import type { BatchWindow } from './support/batch.ts'
import { moment, withBoxOptions, wholeNumber, type BoxOptionValues } from './support/options.ts'
import { isoTime, oneLine, present, table } from './support/output.ts'

interface RangeOptions extends BoxOptionValues {
  from?: number
  to?: number
  measures?: string
  limit: number
}

type Row = readonly (string | number | null | undefined)[]

export function query(program: Command): void {
  const group = program.command('query').description('ask the box what it knows')
  querySeries(group)
  ranged(group.command('readings <thing>').description('stored readings, ascending by time')).action(readings)
  ranged(group.command('windows <thing>').description('one-minute windows, ascending by time')).action(
    windows,
  )
  withBoxOptions(group.command('latest <thing...>').description('newest value of every measure')).action(
    latest,
  )
  ranged(group.command('anomalies [thing]').description('what detectors found')).action(anomalies)
  withBoxOptions(group.command('alarms').description('alarms, the active ones unless told otherwise'))
    .option('--state <state>', 'active, unacknowledged or all', 'active')
    .option('--thing <thing>', 'of one device')
    .option('--severity <severity>', 'warning, minor, major or critical')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 1_000_000), 100)
    .action(alarms)
}

const ranged = (command: Command): Command =>
  withBoxOptions(command)
    .option(
      '--from <time>',
      'start, included: RFC 3339, epoch ms, or a span back such as 15m (default: 1h)',
      moment(Date.now),
    ) // prettier-ignore
    .option('--to <time>', 'end, excluded (default: now)', moment(Date.now))
    .option('--measures <names>', 'comma-separated')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 10_000_000), 1000)

async function gather<T>(box: BoxOptionValues, path: string, query: Query, limit: number): Promise<Found<T>> {
  const items: T[] = []
  for await (const page of openApi(box).pages<T>(path, { ...query, limit: Math.min(limit, 1000) })) {
    items.push(...page)
    if (items.length >= limit) break
  }
  return { items: items.slice(0, limit), more: items.length > limit }
}

interface Found<T> {
  items: T[]
  more: boolean
}

function show<T>(
  json: boolean | undefined,
  found: Found<T>,
  headings: readonly string[],
  row: (item: T) => Row,
): void {
  present(json, found, () => {
    if (found.items.length === 0) return 'nothing found; is the range right? (--from, --to)'
    const rows = table(headings, found.items.map(row))
    return found.more ? `${rows}\nthere is more: raise --limit` : rows
  })
}

async function readings(thing: string, { from, to, measures, limit, ...box }: RangeOptions): Promise<void> {
  const path = `/v1/devices/${inPath(thing)}/readings`
  const found = await gather<Reading>(box, path, { from, to, measures }, limit)
  show(box.json, found, ['at', 'measure', 'value', 'quality'], (r) => [isoTime(r.at), r.measure, r.text ?? r.value, r.quality]) // prettier-ignore
}

async function windows(thing: string, { from, to, measures, limit, ...box }: RangeOptions): Promise<void> {
  const path = `/v1/devices/${inPath(thing)}/windows`
  const found = await gather<BatchWindow & { at: number; measure: string }>(box, path, { from, to, measures }, limit) // prettier-ignore
  show(box.json, found, ['minute', 'measure', 'n', 'mean', 'min', 'max', 'std', 'first', 'last'], (w) => [
    isoTime(w.at),
    w.measure,
    w.n,
    rounded(w.mean),
    w.min,
    w.max,
    rounded(w.std),
    w.first,
    w.last,
  ])
}

const rounded = (value: number): number => Number(value.toPrecision(7))

async function latest(things: string[], box: BoxOptionValues): Promise<void> {
  const api = openApi(box)
  const items = await Promise.all(
    things.map((thing) => api.get<{ thing: string; values: LatestValue[] }>(`/v1/devices/${inPath(thing)}/latest`)), // prettier-ignore
  )
  const rows = items.flatMap(
    ({ thing, values }) =>
    values.map((v): Row => [thing, v.measure, v.text ?? v.value, isoTime(v.at), v.trendPerMinute === null ? null : rounded(v.trendPerMinute)]), // prettier-ignore
  )
  present(box.json, { items }, () => table(['thing', 'measure', 'value', 'at', 'per minute'], rows))
}

async function anomalies(thing: string | undefined, options: RangeOptions): Promise<void> {
  const { from, to, limit, measures, ...box } = options
  const wanted = measures === undefined ? null : new Set(measures.split(','))
  const found = await gather<Anomaly>(box, '/v1/anomalies', { thing, from, to }, limit)
  const items = found.items.filter(({ measure }) => wanted === null || wanted.has(measure))
  show(box.json, { ...found, items }, ['at', 'thing', 'measure', 'detector', 'observed', 'score'], (a) => [
    isoTime(a.at),
    a.thing,
    a.measure,
    a.detector,
    a.observed,
    rounded(a.score),
  ])
}

interface AlarmOptions extends BoxOptionValues {
  state: string
  thing?: string
  severity?: string
  limit: number
}

async function alarms({ state, thing, severity, limit, ...box }: AlarmOptions): Promise<void> {
  const found = await gather<Alarm>(box, '/v1/alarms', { state, thing, severity }, limit)
  present(box.json, found, () =>
    found.items.length === 0
      ? `no ${state === 'all' ? '' : `${state} `}alarms`
      : table(
          ['severity', 'state', 'raised', 'thing', 'why'],
          found.items.map((a) => [
            a.severity,
            a.state,
            isoTime(a.raisedAt),
            a.thing,
            oneLine(a.why.text, 90),
          ]),
        ),
  )
}
