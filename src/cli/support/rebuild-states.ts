import { join } from 'node:path'
import { createBoxStates } from '../../../local/box-states.ts'
import { openBook } from '../../adapters/local/book/schema.ts'
import { sqliteConfigStore } from '../../adapters/local/book/sqlite-config-store.ts'
import { archivePending, readArchive } from '../../adapters/local/journal/archive.ts'
import { decodeFrames } from '../../adapters/local/journal/frames.ts'
import { openSegments } from '../../adapters/local/journal/segments.ts'
import { openTail } from '../../adapters/local/tail/schema.ts'
import { createTailWriter } from '../../adapters/local/tail/tail-writer.ts'
import type { StoredState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import { configuration } from '../../pipeline/configuration.ts'
import { createFold } from '../../pipeline/fold.ts'
import { createRunner } from '../../pipeline/runner.ts'
import { tradePipelines } from '../../pipeline/trades.ts'
import type { RawRecord } from '../../ports/raw-record.ts'

export interface StatesReport {
  records: number
  /** Receipt of the first record there is; what happened before has left no trace in the new states. */
  from: number | null
  devices: number
  equal: number
  /** Another state than the stored one, or one that this release cannot read. */
  different: number
  /** No state was stored. */
  missing: number
  /** No record of theirs is left: they keep what is stored. */
  kept: number
  written: boolean
}

export interface RebuildStatesOptions {
  dir: string
  write: boolean
  /** Raw records received earlier are left out. */
  from: number
  onProgress(line: string): void
}

const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * Folds the raw records that archive and journal still hold once more, from nothing up to the last checkpoint, telling
 * nobody and storing nothing but the states. The box must be stopped and its directory locked.
 */
export async function rebuildStates({
  dir,
  write,
  from,
  onProgress,
}: RebuildStatesOptions): Promise<StatesReport> {
  const db = openTail(join(dir, 'tail.db'))
  const book = openBook(join(dir, 'book.db'))
  try {
    const writer = createTailWriter(db)
    const stored = writer.recover()
    const config = configuration(await sqliteConfigStore(book).all())
    const { plant, fleet, building } = tradePipelines()
    const pipelines = { plant, fleet, building }
    const layouts = Object.values(pipelines).map(({ layout }) => layout)
    const layoutFor = (thing: string): Layout =>
      pipelines[config.profile(thing, Number.MAX_SAFE_INTEGER)?.device.trade ?? 'plant'].layout
    const states = createBoxStates(layouts, layoutFor, [], [])
    const runner = createRunner({
      fold: createFold({
        stages: { plant: plant.stages, fleet: fleet.stages, building: building.stages },
        configuration: config,
      }),
      states,
      output: { write: () => {}, quarantine: () => {} },
      deliver: async () => {},
      requestRebirth: () => {},
    })
    let records = 0
    let first: number | null = null
    for (const batch of recordsOf(dir, from, stored.position)) {
      first ??= batch[0]!.receivedAt
      await runner.run(batch)
      records += batch.length
      onProgress(`${records} records, up to ${new Date(batch.at(-1)!.receivedAt).toISOString()}`)
    }
    const rebuilt = states.takeChanged()
    const before = new Map(stored.states.map((state) => [state.thing, state]))
    const verdicts = rebuilt.states.map((state) => compared(before.get(state.thing), state, layouts))
    const count = (verdict: Verdict): number => verdicts.filter((v) => v === verdict).length
    const again = new Set(rebuilt.states.map(({ thing }) => thing))
    if (write) {
      // What waits to be delivered waits on: folding again cannot know what was.
      const outboxOf = (thing: string): StoredState['outbox'] => before.get(thing)?.outbox ?? []
      const fresh = rebuilt.states.map((state) => ({ ...state, outbox: outboxOf(state.thing) }))
      writer.apply({ names: [], packs: new ArrayBuffer(0), packRows: new Float64Array(0), windows: [], anomalies: [], facts: [], dirty: [], quarantined: [], checkpoint: { position: stored.position, states: fresh, births: rebuilt.births } }) // prettier-ignore
      writer.commit(true)
    }
    return {
      records,
      from: first,
      devices: rebuilt.states.length,
      equal: count('equal'),
      different: count('different'),
      missing: count('missing'),
      kept: stored.states.filter(({ thing }) => !again.has(thing)).length,
      written: write,
    }
  } finally {
    book.close()
    db.close()
  }
}

/** Everything raw up to the checkpoint, in order and once: the archive, then the journal. */
function* recordsOf(dir: string, from: number, through: number): Generator<RawRecord[]> {
  const rawDir = join(dir, 'raw')
  archivePending(rawDir)
  let last = 0n
  const next = (records: RawRecord[]): RawRecord[] => {
    const fresh = records.filter((r) => r.position > last && r.position <= through && r.receivedAt >= from)
    last = fresh.at(-1)?.position ?? last
    return fresh
  }
  for (const records of readArchive(rawDir, from, Infinity)) {
    const fresh = next(records)
    if (fresh.length > 0) yield fresh
  }
  const segments = openSegments(join(dir, 'journal'), Infinity)
  try {
    for (let position = Number(last) + 1; ;) {
      const rows = segments.read(position, CHUNK_BYTES)
      const end = rows.at(-1)
      if (!end) return
      position = end.first + end.n
      for (const row of rows) {
        const fresh = next(decodeFrames(row.data, BigInt(row.first)))
        if (fresh.length > 0) yield fresh
      }
    }
  } finally {
    segments.close()
  }
}

type Verdict = 'equal' | 'different' | 'missing'

/** The order of series is that of their first readings, which depends on what waited when; it means nothing. */
function compared(before: StoredState | undefined, now: StoredState, layouts: readonly Layout[]): Verdict {
  if (!before) return 'missing'
  const layout = layouts.find(({ format }) => format === now.bytes[0])
  if (!layout || before.bytes[0] !== now.bytes[0] || before.measures.length !== now.measures.length)
    return 'different'
  const { headerBytes, seriesBytes } = layout
  const series = ({ bytes, measures }: StoredState, measure: string): Uint8Array => {
    const start = headerBytes + measures.indexOf(measure) * seriesBytes
    return bytes.subarray(start, start + seriesBytes)
  }
  const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
  return same(before.bytes.subarray(0, headerBytes), now.bytes.subarray(0, headerBytes)) &&
    now.measures.every((m) => before.measures.includes(m) && same(series(before, m), series(now, m)))
    ? 'equal'
    : 'different'
}
