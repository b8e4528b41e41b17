import { useEffect, useMemo, useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import type { Device, Page, Reading } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { measureText } from '../data/format.ts'
import { devices, measureTypeOf, tellingMeasure, types } from '../data/registry.ts'
import { useLive } from '../data/series-store.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { linkTo } from '../router.ts'
import { Empty, Panel } from '../ui/parts.tsx'

const SHOWN = 12
const SPAN_MS = 120_000

interface Shown {
  device: Device
  measure: string
}

/** A dozen devices as they are now: those with alarms first, each by the measure that matters most. */
export function LiveMachines() {
  const known = devices.value
  const worst = worstByThing.value
  const alarmed = [...worst.keys()].join(',')
  const shown = useMemo(() => choose([...(known?.values() ?? [])], worst), [known, alarmed, types.value])
  const things = shown.map(({ device }) => device.thing)
  const { series } = useLive(things, 2 * SPAN_MS)
  const [, setSeeded] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    const to = now()
    for (const { device, measure } of shown) {
      const path = `/v1/devices/${segment(device.thing)}/readings?measures=${segment(measure)}&from=${Math.floor(to - SPAN_MS)}`
      call<Page<Reading>>(path, { signal: abort.signal })
        .then(({ items }) => {
          series.seed(
            device.thing,
            measure,
            items.map(({ at }) => at),
            items.map(({ value }) => value),
          )
          setSeeded((n) => n + 1)
        })
        .catch(() => {})
    }
    return () => abort.abort()
  }, [things.join(',')])

  const to = now()
  return (
    <Panel title="Live devices" actions={<a href="#/sites">All devices</a>}>
      {shown.length === 0 ? (
        <Empty title="No device is active">Every one of them is suspended or retired.</Empty>
      ) : (
        <div class="body small-charts">
          {shown.map(({ device, measure }) => (
            <TimeChart
              key={device.thing}
              small
              title={device.thing}
              sub={measureText(measure)}
              unit={measureTypeOf(device, measure).unit}
              points={{ ...series.points(device.thing, measure) }}
              bounds={{ from: to - SPAN_MS, to }}
              height={56}
              href={linkTo(['device', device.thing])}
              decoration={standing(worst.get(device.thing), measure)}
            />
          ))}
        </div>
      )}
    </Panel>
  )
}

type Worst = typeof worstByThing.value

/** Those with an alarm about a measure, then a fair share of every type: of each the first, as the registry has them. */
function choose(all: readonly Device[], worst: Worst): Shown[] {
  const active = all.filter(({ status }) => status === 'active')
  const alarmed = active.filter((device) => alarmedMeasure(device, worst) !== undefined)
  const calm = active.filter(({ thing }) => !worst.has(thing))
  const gone = active.filter((device) => worst.has(device.thing) && !alarmed.includes(device))
  return [...alarmed, ...inTurn(Map.groupBy(calm, ({ type }) => type)), ...gone]
    .slice(0, SHOWN)
    .map((device) => ({ device, measure: alarmedMeasure(device, worst) ?? tellingMeasure(device) }))
}

/** The first of each group, the second of each, and so on. */
function inTurn<T>(groups: ReadonlyMap<string, readonly T[]>): T[] {
  const rounds = Array.from({ length: SHOWN }, (_, round) => [...groups.values()].flatMap((group) => group.slice(round, round + 1))) // prettier-ignore
  return rounds.flat()
}

/** What an alarm is about, where that is a measure and not, say, a driver. */
function alarmedMeasure(device: Device, worst: Worst): string | undefined {
  const key = worst.get(device.thing)?.key
  return key !== undefined && measureTypeOf(device, key).unit !== undefined ? key : undefined
}

function standing(alarm: ReturnType<Worst['get']>, measure: string) {
  return alarm?.key === measure
    ? { spans: [{ from: alarm.raisedAt, to: alarm.clearedAt ?? now(), severity: alarm.severity }] }
    : nothing
}
const nothing = {}
