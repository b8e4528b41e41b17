import type { DatabaseSync } from 'node:sqlite'
import { settle } from '../../../core/telemetry/identity.ts'
import { qualityNames } from '../../../core/telemetry/reading.ts'
import type { Anomaly, Fact } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { Quarantine, QuarantineEntry } from '../../../ports/quarantine.ts'
import type { FactQuery, Range, Reading, TelemetryReader } from '../../../ports/telemetry-reader.ts'
import { copiesByHour } from './copies.ts'
import type { WindowColumns } from './tail-history.ts'

type SyncReader = {
  [K in keyof TelemetryReader]: (
    ...args: Parameters<TelemetryReader[K]>
  ) => Awaited<ReturnType<TelemetryReader[K]>>
}
type SyncQuarantine = {
  [K in 'list' | 'get']: (...args: Parameters<Quarantine[K]>) => Awaited<ReturnType<Quarantine[K]>>
}

/** Reads the tail beside its writer. Synchronous: it lives on a thread of its own. */
export function createTailReader(db: DatabaseSync): SyncReader & { quarantine: SyncQuarantine } {
  const ids = new Map<string, number>()
  const names = new Map<number, string>()
  // Prepared once: parsing them for each machine was a tenth of what judging it takes (`npm run -s bench -- scoring`).
  const select = {
    names: db.prepare('SELECT id, name FROM name WHERE id > ?'),
    windows: db.prepare(
      'SELECT minute, n, sum, m2, min, max, first, last, version, repaired FROM window WHERE device = ? AND measure = ? AND minute >= ? AND minute < ? ORDER BY minute LIMIT ?',
    ),
    nextMeasure: db.prepare('SELECT min(measure) AS m FROM window WHERE device = ? AND measure > ?'),
    anomalies: db.prepare('SELECT * FROM anomaly WHERE at >= ? AND at < ? ORDER BY at LIMIT ?'),
    anomaliesOf: db.prepare(
      'SELECT * FROM anomaly WHERE device = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?',
    ),
    facts: db.prepare(
      'SELECT * FROM fact WHERE type = ? AND at >= ? AND at < ? AND until >= ? ORDER BY at LIMIT ?',
    ),
    factsOf: db.prepare(
      'SELECT * FROM fact WHERE type = ? AND device = ? AND at >= ? AND at < ? AND until >= ? ORDER BY at LIMIT ?',
    ),
  }
  select.windows.setReturnArrays(true) // rows as objects take twice as long

  function learn(): void {
    for (const { id, name } of select.names.all(names.size) as {
      id: number
      name: string
    }[]) {
      ids.set(name, id)
      names.set(id, name)
    }
  }
  function idOf(name: string): number | undefined {
    if (!ids.has(name)) learn()
    return ids.get(name)
  }
  function nameOf(id: number): string {
    if (!names.has(id)) learn()
    return names.get(id) ?? `#${id}`
  }
  /** Ids of the wanted measures; null means all. */
  function measureIds(measures: readonly string[] | undefined): Set<number> | null {
    return measures ? new Set(measures.map(idOf).filter((id) => id !== undefined)) : null
  }

  function readings({ thing, measures, from, to, limit, after }: Range): Reading[] {
    const device = idOf(thing)
    if (device === undefined) return []
    const wanted = measureIds(measures)
    const start = Math.max(from, after?.at ?? from)
    const out: Reading[] = []
    for (const { copies } of copiesByHour(db, device, start, to, (m) => wanted?.has(m) ?? true)) {
      const hour: Reading[] = []
      for (const [id, list] of copies) {
        const measure = nameOf(id)
        for (const { at, value, text, quality, receivedAt } of settle(list)) {
          if (after && (at < after.at || (at === after.at && measure <= after.measure))) continue
          hour.push({
            measure,
            at,
            value: Number.isNaN(value) ? null : value,
            text,
            quality: qualityNames[quality]!,
            receivedAt,
          })
        }
      }
      hour.sort((a, b) => a.at - b.at || (a.measure < b.measure ? -1 : 1))
      for (const reading of hour) out.push(reading)
      if (out.length >= limit) return out.slice(0, limit)
    }
    return out
  }

  function windows({ thing, measures, from, to, limit, after }: Range): WindowRow[] {
    const device = idOf(thing)
    if (device === undefined) return []
    const wanted = [...(measureIds(measures) ?? allMeasures(device))]
    const [first, end] = [Math.ceil(Math.max(from, after?.at ?? from) / 60_000), Math.ceil(to / 60_000)]
    const rows = wanted.flatMap((id) => {
      const measure = nameOf(id)
      return select.windows.all(device, id, first, end, limit + 1).map((row): WindowRow => {
        const [minute, n, sum, m2, min, max, opening, last, version, repaired] =
          row as unknown as WindowColumns
        return { thing, measure, minute, n, sum, m2, min, max, first: opening, last, version, repaired: repaired === 1 } // prettier-ignore
      })
    })
    return rows
      .filter((w) => !after || w.minute * 60_000 > after.at || w.measure > after.measure)
      .sort((a, b) => a.minute - b.minute || (a.measure < b.measure ? -1 : 1))
      .slice(0, limit)
  }

  /** Skips from one measure to the next through the primary key. */
  function allMeasures(device: number): number[] {
    const found: number[] = []
    for (;;) {
      const { m } = select.nextMeasure.get(device, found.at(-1) ?? -1) as { m: number | null }
      if (m === null) return found
      found.push(m)
    }
  }

  function anomalies(query: { thing?: string; from: number; to: number; limit: number }): Anomaly[] {
    const device = query.thing === undefined ? null : (idOf(query.thing) ?? -1)
    const rows =
      device === null
        ? select.anomalies.all(query.from, query.to, query.limit)
        : select.anomaliesOf.all(device, query.from, query.to, query.limit)
    return rows.map((r) => ({
      thing: nameOf(r['device'] as number),
      measure: nameOf(r['measure'] as number),
      at: r['at'] as number,
      detector: r['detector'] as string,
      score: r['score'] as number,
      observed: r['observed'] as number,
      expected: {
        ...(r['low'] === null ? {} : { low: r['low'] as number }),
        ...(r['high'] === null ? {} : { high: r['high'] as number }),
      },
    }))
  }

  function facts(query: FactQuery): Fact[] {
    const device = query.thing === undefined ? null : (idOf(query.thing) ?? -1)
    const { type, from, to, limit, startingFrom = 0 } = query
    const rows =
      device === null
        ? select.facts.all(type, startingFrom, to, from, limit)
        : select.factsOf.all(type, device, startingFrom, to, from, limit)
    return rows.map((r) => ({
      type: r['type'] as string,
      thing: nameOf(r['device'] as number),
      key: r['key'] as string,
      at: r['at'] as number,
      until: r['until'] as number,
      version: r['version'] as number,
      value: JSON.parse(r['value'] as string) as Fact['value'],
    }))
  }

  const entry = (r: Record<string, unknown>): QuarantineEntry => ({
    id: String(r['position']),
    topic: r['topic'] as string,
    client: r['client'] as string,
    receivedAt: r['received'] as number,
    payload: r['payload'] as Uint8Array,
    reason: r['reason'] as QuarantineEntry['reason'],
    detail: r['detail'] as string,
    status: r['status'] as QuarantineEntry['status'],
  })

  const quarantine: SyncQuarantine = {
    list: ({ reason, client, status, cursor, limit }) =>
      db
        .prepare(
          `SELECT * FROM quarantine WHERE position < ?1 AND (?2 IS NULL OR reason = ?2) AND (?3 IS NULL OR client = ?3)
           AND (?4 IS NULL OR status = ?4) ORDER BY position DESC LIMIT ?5`,
        )
        .all(
          cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor),
          reason ?? null,
          client ?? null,
          status ?? null,
          limit,
        )
        .map(entry),
    get: (id) => {
      const row = db.prepare('SELECT * FROM quarantine WHERE position = ?').get(Number(id))
      return row ? entry(row) : null
    },
  }

  return { readings, windows, anomalies, facts, quarantine }
}
