import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import { readingPoints, replacesWindow, settledPoints } from '../hot/reading-points.ts'
import type { HotStore } from '../hot/hot-store.ts'
import type { Influx } from './influx-http.ts'
import { influxReader } from './influx-reader.ts'
import { anomalyLine, readingLines, windowLine } from './line-protocol.ts'

/** A streamed window this old was redriven: repair may have written it since. */
const FRESH_MS = 10 * 60_000
const EVERYTHING = 1_000_000

/**
 * The hot store in InfluxDB, which keeps what was written last and knows no versions: so whatever may be older than
 * what is stored (late, redriven, replayed) is compared with it first; the live stream is written without asking.
 */
export function influxStore(influx: Influx): HotStore {
  const reader = influxReader(influx)

  async function mayWrite(window: WindowRow, now: EpochMs): Promise<boolean> {
    if (window.repaired || window.version >= now - FRESH_MS) return true
    const { thing, measure, minute } = window
    const [stored] = await reader.windows({ thing, measures: [measure], from: minute * 60_000, to: minute * 60_000 + 1, limit: 1 }) // prettier-ignore
    return !stored || replacesWindow(stored, window)
  }

  return {
    ...reader,
    write: async (effects: readonly DataEffect[], now) => {
      const points = await settledPoints(readingPoints(effects, now), async (thing, measures, from, to) =>
        reader.readings({ thing, measures, from, to, limit: EVERYTHING }),
      )
      const lines = readingLines(points)
      const windows = new Map<string, WindowRow>()
      for (const effect of effects) {
        if (effect.kind === 'window') {
          const { window } = effect
          const key = `${window.thing}\n${window.measure}\n${window.minute}`
          const known = windows.get(key)
          if (!known || replacesWindow(known, window)) windows.set(key, window)
        } else if (effect.kind === 'anomaly') lines.push(anomalyLine(effect.anomaly))
      }
      for (const window of windows.values()) if (await mayWrite(window, now)) lines.push(windowLine(window))
      await influx.write(lines)
    },
  }
}
