import type { ReadingBatch } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { Output, Quarantined } from '../../../ports/output.ts'
import { createPackWriter } from './pack.ts'
import type { Checkpoint } from './checkpoint-rows.ts'
import { PACK_NUMBERS, type TailBatch } from './tail-writer.ts'

/** Takes a batch; resolves once it is durable. Batches are taken in order. */
export type SendBatch = (batch: TailBatch, buffers: ArrayBuffer[]) => Promise<void>

export interface TailOutput extends Output {
  /** Sends what has been written and, with it, the states as they are now. Resolves once both are durable. */
  checkpoint(checkpoint: Checkpoint): Promise<void>
  /** The name stands for nothing any more; used again, it gets another id. */
  forget(name: string): void
  /** Resolves once these effects, and everything written before them, are durable: for what no journal can repeat. */
  settle(effects: readonly DataEffect[]): Promise<void>
  /** Bytes sent that are not durable yet. */
  outstandingBytes(): number
}

/** Turns effects into batches for the store's thread. Names are interned here, at the edge, once and for ever. */
export function createTailOutput(send: SendBatch, known: Iterable<[id: number, name: string]>): TailOutput {
  const ids = new Map<string, number>()
  let nextId = 1
  for (const [id, name] of known) {
    ids.set(name, id)
    nextId = Math.max(nextId, id + 1)
  }
  const packs = createPackWriter()
  /** Grows to what the largest batch needs. */
  let rows = new Float64Array(PACK_NUMBERS * 64)
  let rowNumbers = 0
  let outstanding = 0
  let fresh: [number, string][] = []

  function idOf(name: string): number {
    let id = ids.get(name)
    if (id === undefined) {
      id = nextId++
      ids.set(name, id)
      fresh.push([id, name])
    }
    return id
  }

  function addRow(device: number, b: ReadingBatch, at: number, last: number, from: number, to: number): void {
    if (rowNumbers === rows.length) {
      const more = new Float64Array(rows.length * 2)
      more.set(rows)
      rows = more
    }
    rows[rowNumbers] = device
    rows[rowNumbers + 1] = at
    rows[rowNumbers + 2] = Number(b.position)
    rows[rowNumbers + 3] = last
    rows[rowNumbers + 4] = b.receivedAt
    rows[rowNumbers + 5] = from
    rows[rowNumbers + 6] = to
    rowNumbers += PACK_NUMBERS
  }

  function batchOf(effects: readonly DataEffect[]): TailBatch {
    const batch: TailBatch = {
      names: [], packs: new ArrayBuffer(0), packRows: new Float64Array(0), windows: [], anomalies: [], facts: [],
      dirty: [], quarantined: [], checkpoint: null,
    } // prettier-ignore
    for (const effect of effects) {
      switch (effect.kind) {
        case 'readings': {
          const { batch: b, dirty } = effect
          const device = idOf(b.thing)
          for (const { at, last, from, to } of packs.add(b.columns, idOf))
            addRow(device, b, at, last, from, to)
          for (const minute of dirty) batch.dirty.push(device, minute)
          break
        }
        case 'window':
          idOf(effect.window.thing)
          idOf(effect.window.measure)
          batch.windows.push(effect.window)
          break
        case 'anomaly':
          idOf(effect.anomaly.thing)
          idOf(effect.anomaly.measure)
          batch.anomalies.push(effect.anomaly)
          break
        case 'fact':
          idOf(effect.fact.thing)
          batch.facts.push(effect.fact)
      }
    }
    batch.packRows = rows.slice(0, rowNumbers)
    rowNumbers = 0
    batch.packs = packs.take()
    return batch
  }

  async function hand(batch: TailBatch): Promise<void> {
    batch.names = fresh
    fresh = []
    const bytes =
      batch.packs.byteLength +
      200 * (batch.windows.length + batch.anomalies.length + batch.quarantined.length) +
      100
    outstanding += bytes
    try {
      await send(batch, [batch.packs, batch.packRows.buffer as ArrayBuffer])
    } finally {
      outstanding -= bytes
    }
  }

  return {
    // Durability is the checkpoint's business: until then the journal holds everything that these batches say.
    write: (effects) => void hand(batchOf(effects)),
    quarantine: (records) => void hand({ ...batchOf([]), quarantined: records.map(toEntry) }),
    checkpoint: (checkpoint) => hand({ ...batchOf([]), checkpoint }),
    settle: (effects) => hand(batchOf(effects)),
    forget: (name) => void ids.delete(name),
    outstandingBytes: () => outstanding,
  }
}

const toEntry = ({ record, reason, detail }: Quarantined): TailBatch['quarantined'][number] => ({
  id: String(record.position),
  topic: record.topic,
  client: record.client,
  receivedAt: record.receivedAt,
  payload: new Uint8Array(record.payload), // a copy: a clone of a view takes the whole buffer along
  reason,
  detail: detail.slice(0, 2000),
})
