import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import { inParallel } from '../back-off.ts'
import type { DeviceMinute, HotStore } from '../hot/hot-store.ts'
import { readingPoints, settledPoints } from '../hot/reading-points.ts'
import { asksForRepair, replaces, settledWindows } from '../hot/window-rule.ts'
import type { Influx } from './influx-http.ts'
import { identifier, influxReader, keptReadings, literal } from './influx-reader.ts'
import { anomalyLine, readingLines, readingsOf, windowLine, windowsOf } from './line-protocol.ts'

const EVERYTHING = 1_000_000
const QUERIES_AT_ONCE = 8
const MINUTES_A_QUERY = 60

/**
 * The hot store in InfluxDB, which keeps what was written last and knows no versions: so whatever may be older than
 * what is stored (late, redriven, repaired) is compared with it first; the live stream is written without asking. That
 * is right because a device's effects come one batch after the other.
 */
export function influxStore(influx: Influx): HotStore {
  const reader = influxReader(influx)

  async function compare(windows: readonly WindowRow[]): Promise<{ lines: string[]; dirty: DeviceMinute[] }> {
    const [first] = windows
    const minutes = windows.map(({ minute }) => minute)
    const found = await reader.windows({
      thing: first!.thing,
      measures: [...new Set(windows.map(({ measure }) => measure))],
      from: Math.min(...minutes) * 60_000,
      to: Math.max(...minutes) * 60_000 + 1,
      limit: EVERYTHING,
    })
    const standing = new Map(found.map((window) => [`${window.measure}\n${window.minute}`, window]))
    const lines: string[] = []
    const dirty: DeviceMinute[] = []
    for (const window of windows) {
      const other = standing.get(`${window.measure}\n${window.minute}`)
      if (!other || replaces(other, window)) lines.push(windowLine(window))
      else if (asksForRepair(other, window)) dirty.push({ thing: window.thing, minute: window.minute })
    }
    return { lines, dirty }
  }

  return {
    ...reader,
    write: async (effects: readonly DataEffect[]) => {
      const points = await settledPoints(readingPoints(effects), async (thing, measures, from, to) =>
        keptReadings(influx, { thing, measures, from, to, limit: EVERYTHING }),
      )
      const lines = readingLines(points)
      for (const effect of effects) if (effect.kind === 'anomaly') lines.push(anomalyLine(effect.anomaly))
      await influx.write(lines)
    },
    writeWindows: async (windows, repairedUntil) => {
      const settled = settledWindows(windows)
      const asked = settled.windows.filter((w) => w.repaired || w.minute < repairedUntil)
      const lines = settled.windows.filter((w) => !w.repaired && w.minute >= repairedUntil).map(windowLine)
      const groups = Map.groupBy(asked, (w) => `${w.thing}\n${Math.floor(w.minute / MINUTES_A_QUERY)}`)
      await inParallel([...groups.values()], QUERIES_AT_ONCE, async (group) => {
        const { lines: more, dirty } = await compare(group)
        lines.push(...more)
        settled.dirty.push(...dirty)
      })
      await influx.write(lines)
      return settled.dirty
    },
    erase: async (thing) => {
      for (const measurement of [readingsOf(thing), windowsOf(thing)])
        await influx.change(`DROP MEASUREMENT ${identifier(measurement)}`)
      await influx.change(`DELETE FROM anomalies WHERE thing = ${literal(thing)}`)
      return true
    },
  }
}
