import { useEffect } from 'preact/hooks'
import { all, call, segment, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Alarm, Anomaly, Device, Latest, Page } from '../api/types.ts'
import { activeAlarms, byUrgency } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { measureText } from '../data/format.ts'
import { newestAt, presenceOf, statusByThing } from '../data/presence.ts'
import { byTelling, devices, loadDevice, measureTypeOf } from '../data/registry.ts'
import { useLive } from '../data/series-store.ts'
import { useData } from '../data/use-data.ts'
import { boundsOf, pan, rangeFrom, rangeQuery, spanOf, toRange, zoom, type Range } from '../chart/range.ts'
import type { Decoration, Points } from '../chart/plot.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { linkTo, route, setQuery } from '../router.ts'
import { Age, Empty, Loading, PresenceMark, ProblemNote } from '../ui/parts.tsx'
import { DeviceAside } from './device-aside.tsx'
import { NothingYet } from './nothing-yet.tsx'
import { RangeBar } from './range-bar.tsx'
import { saveCsv } from './save-csv.ts'
import { fetchSeries } from './series-source.ts'

const FIRST_RANGE_MS = 600_000
const USUAL_HOLDS_MS = 7 * 86_400_000
const LIVE_KEPT_MS = 900_000
/** A chart is a few hundred pixels wide. Twice as many would cost eight hours of raw readings where minutes do. */
const POINTS = 600

export function DevicePage() {
  const thing = route.value.parts[1]
  if (thing === undefined)
    return (
      <Empty title="No device is chosen">
        <a href="#/devices">Choose one of the devices</a>
      </Empty>
    )
  const device = devices.value?.get(thing)
  return device ? <KnownDevice key={thing} device={device} /> : <UnknownDevice key={thing} thing={thing} />
}

/** It may have been registered a moment ago. */
function UnknownDevice({ thing }: { thing: string }) {
  const { problem, reload } = useData(thing, async () => loadDevice(thing))
  return problem ? <ProblemNote problem={problem} onRetry={reload} /> : <Loading lines={8} />
}

function KnownDevice({ device }: { device: Device }) {
  const { thing } = device
  const range = rangeFrom(route.value.query, FIRST_RANGE_MS)
  const bounds = boundsOf(range)
  const span = spanOf(range)
  const setRange = (next: Range): void => setQuery(rangeQuery(next))
  const live = range.kind === 'last'
  const refresh = live ? Math.min(300_000, Math.max(15_000, span / 100)) : undefined

  const { series: liveSeries } = useLive([thing], LIVE_KEPT_MS)
  const {
    data: latest,
    problem: latestProblem,
    reload: reloadLatest,
  } = useData(
    thing,
    async (signal) => call<Latest>(`/v1/devices/${segment(thing)}/latest`, { signal }),
    10_000,
  )
  const measures = [
    ...new Set([...(latest?.values ?? []).map(({ measure }) => measure), ...liveSeries.measures(thing)]),
  ]
    .filter((measure) => measureTypeOf(device, measure).kind !== 'state')
    .sort(byTelling)
  const { data: status } = useData(
    `status ${thing}`,
    async (signal) => (await statusByThing(`?things=${segment(thing)}`, signal)).get(thing) ?? null,
    10_000,
  )
  const { data: usual } = useData(`usual ${thing}`, (signal) => usualBands(thing, signal), 300_000)
  const rangeKey = live ? `last ${span}` : `${bounds.from}-${bounds.to}`
  const asked = `${measures.join()} ${rangeKey}`
  const history = useData(
    thing,
    async (signal) => {
      const { from, to } = boundsOf(range)
      return { asked, ...(await fetchSeries({ thing, measures, from, to, points: POINTS }, signal)) }
    },
    refresh,
    asked,
  )
  const noticed = useNoticed(thing, range, rangeKey)
  useEffect(reloadLatest, [activeAlarms.value])

  const decorations = new Map<string, Decoration>()
  for (const measure of measures)
    decorations.set(
      measure,
      decorationOf(device, measure, noticed.data ?? nothingNoticed, usual?.get(measure), bounds),
    )
  const latestOf = new Map((latest?.values ?? []).map((value) => [value.measure, value]))

  const newest = Math.max(
    newestAt(latest ?? undefined),
    ...measures.map((measure) => liveSeries.points(thing, measure).at.at(-1) ?? 0),
  )

  return (
    <>
      <div class="toolbar device-head">
        <p>
          {status ? <PresenceMark presence={presenceOf(device, status)} /> : <span class="presence">…</span>}
          <span class="muted">
            , last reading {latest ? <Age at={newest} /> : '…'}
            {status && status.because !== null && `, because ${status.because} is down`}
          </span>
        </p>
        <p class="muted">
          <a href={linkTo(['devices'], { tab: 'types' })}>{device.type}</a>
          {device.site !== undefined && (
            <>
              {' · '}
              <a href={linkTo(['sites'], { site: device.site })}>{device.site}</a>
            </>
          )}
          {` · ${device.trade}`}
        </p>
        <p class="push page-links">
          {device.trade === 'fleet' && <a href={linkTo(['fleet', thing])}>On the map</a>}
          {device.trade === 'plant' && <a href={linkTo(['maintenance', thing])}>Its risk</a>}
          {device.trade === 'building' && device.site !== undefined && (
            <a href={linkTo(['buildings', device.site])}>Its building</a>
          )}
          <a href={linkTo(['devices'], { text: thing })}>Registration and certificates</a>
        </p>
      </div>
      <RangeBar
        range={range}
        onRange={setRange}
        used={history.data?.used}
        {...(history.data && { onSave: () => saveCsv(thing, history.data?.series ?? new Map(), bounds) })}
      />
      {history.problem && <ProblemNote problem={history.problem} onRetry={history.reload} />}
      {latestProblem && !history.problem && <ProblemNote problem={latestProblem} onRetry={reloadLatest} />}
      {latest ? (
        <div class="columns device-columns">
          {measures.length === 0 ? (
            <NothingYet device={device} />
          ) : (
            <div class="charts">
              {measures.map((measure) => {
                const newest = liveSeries.points(thing, measure)
                const points = joined(history.data?.series.get(measure), newest, live && span <= LIVE_KEPT_MS)
                const value = latestOf.get(measure)
                const trend = value?.trendPerMinute
                return (
                  <TimeChart
                    key={measure}
                    title={measureText(measure)}
                    unit={measureTypeOf(device, measure).unit}
                    points={points}
                    loading={history.data?.asked !== asked && !history.problem}
                    bounds={bounds}
                    decoration={decorations.get(measure) ?? {}}
                    syncKey="device"
                    onSelect={(from, to) => setRange(toRange(from, to))}
                    onZoom={(factor) => setRange(zoom(range, factor))}
                    onPan={(share) => setRange(pan(range, share))}
                    onReset={() => setRange({ kind: 'last', ms: FIRST_RANGE_MS })}
                    headline={{
                      value: newest.mean.at(-1) ?? value?.value ?? null,
                      note:
                        trend !== null &&
                        trend !== undefined &&
                        Math.abs(trend) > 0.0005 * Math.abs(value?.value ?? 0)
                          ? trendText(trend)
                          : '',
                    }}
                  />
                )
              })}
            </div>
          )}
          <DeviceAside
            device={device}
            alarms={noticed.data?.alarms ?? null}
            anomalies={noticed.data?.anomalies ?? null}
            onShow={(at) => setRange({ kind: 'fixed', from: at - 120_000, to: at + 120_000 })}
          />
        </div>
      ) : (
        latestProblem === null && <Loading lines={16} />
      )}
    </>
  )
}

const trendText = (perMinute: number): string =>
  `${perMinute > 0 ? '▲' : '▼'} ${Number(Math.abs(perMinute).toPrecision(2))}/min`

interface Usual {
  low: number
  high: number
}

/** What has been learned of each measure; nothing where this installation does not learn. */
async function usualBands(thing: string, signal: AbortSignal): Promise<Map<string, Usual>> {
  try {
    const path = `/v1/devices/${segment(thing)}/usual`
    const { items } = await call<{ items: (Usual & { measure: string })[] }>(path, { signal })
    return new Map(items.map(({ measure, low, high }) => [measure, { low, high }]))
  } catch (error) {
    if (asProblem(error).code === 'no_such_path') return new Map()
    throw error
  }
}

interface Noticed {
  alarms: readonly Alarm[]
  anomalies: readonly Anomaly[]
}
const nothingNoticed: Noticed = { alarms: [], anomalies: [] }

function useNoticed(thing: string, range: Range, rangeKey: string) {
  const standing = (activeAlarms.value ?? []).filter((alarm) => alarm.thing === thing)
  const version = `${rangeKey} ${standing.map(({ id, transitionAt, state }) => id + transitionAt + state).join()}`
  return useData<Noticed>(
    thing,
    async (signal) => {
      const { from, to } = boundsOf(range)
      const year = 365 * 86_400_000
      const [alarms, anomalies] = await Promise.all([
        all<Alarm>(withQuery('/v1/alarms', { thing, state: 'all', limit: 200 }), 400, signal),
        call<Page<Anomaly>>(
          withQuery(`/v1/devices/${segment(thing)}/anomalies`, {
            from: Math.floor(Math.max(from, to - year)),
            to: Math.ceil(to) + 60_000,
            limit: 500,
          }),
          { signal },
        ),
      ])
      return { alarms: alarms.sort(byUrgency), anomalies: anomalies.items }
    },
    15_000,
    version,
  )
}

function decorationOf(
  device: Device,
  measure: string,
  { alarms, anomalies }: Noticed,
  usual: Usual | undefined,
  { from, to }: { from: number; to: number },
): Decoration {
  const limits = measureTypeOf(device, measure)
  const found = anomalies.filter((anomaly) => anomaly.measure === measure)
  const own = alarms.filter(({ key }) => key === measure)
  const seen =
    [...found.map(({ at, expected }) => ({ from: at, expected })), ...own.map(({ raisedAt, why }) => ({ from: raisedAt, expected: why.expected ?? {} }))] // prettier-ignore
      .filter(({ expected: { low, high } }) => low !== undefined && high !== undefined)
      .filter(({ expected: { low, high } }) => low !== limits.low || high !== limits.high)
      .sort((a, b) => b.from - a.from)[0]?.expected
  // What is usual is learned from a day: of last month it says nothing.
  const expected = to - from <= USUAL_HOLDS_MS && now() - to <= USUAL_HOLDS_MS ? (usual ?? seen) : seen
  return {
    limits,
    ...(expected && { expected: [{ from, to, ...expected }] }),
    marks: found.flatMap(({ at, observed }) => (observed === null ? [] : [{ at, value: observed }])),
    spans: own
      .map(({ raisedAt, clearedAt, severity }) => ({ from: raisedAt, to: clearedAt ?? now(), severity }))
      .filter((span) => span.to >= from && span.from <= to),
  }
}

/** History, and behind it what has come since. */
function joined(history: Points | undefined, live: Points, withLive: boolean): Points {
  if (!history) return withLive ? { ...live } : { at: [], mean: [] }
  const last = history.at.at(-1) ?? 0
  const from = withLive ? live.at.findIndex((at) => at > last) : -1
  if (from < 0) return history
  return {
    at: [...history.at, ...live.at.slice(from)],
    mean: [...history.mean, ...live.mean.slice(from)],
    ...(history.min && { min: [...history.min, ...live.mean.slice(from)] }),
    ...(history.max && { max: [...history.max, ...live.mean.slice(from)] }),
  }
}
