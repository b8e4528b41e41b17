import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { Output } from '../../../ports/output.ts'
import { effectText, parseEffect } from './effect-codec.ts'
import { putInOrder, type Entry, type Kinesis } from './put-in-order.ts'

/** A record is filled up to this: provisioned streams charge by 25 KB, on-demand ones by 1 KB, both by the record. */
const RECORD_BYTES = 100_000
/** Devices share this many keys: enough for any number of shards, few enough that a batch makes few records. */
const LANES = 64

/**
 * Data effects on their way to the stores: many in one record, a device always under the same key, so that the newer
 * receipt comes later. Records that must be set aside go to `quarantine` at once.
 */
export function kinesisOutput(kinesis: Kinesis, stream: string, quarantine: Output['quarantine']): Output {
  return {
    write: async (effects) => {
      await putInOrder(kinesis, stream, recordsOf(effects))
    },
    quarantine,
  }
}

/** Effects as records of the stream, each lane's in their order. */
export function recordsOf(effects: readonly DataEffect[]): Entry[] {
  const byLane = Map.groupBy(effects, (effect) => laneOf(thingOf(effect)))
  const entries: Entry[] = []
  for (const [lane, list] of byLane) {
    let lines: string[] = []
    let size = 0
    const close = (): void => {
      if (lines.length > 0) entries.push({ key: `lane-${lane}`, data: Buffer.from(lines.join('\n')) })
      lines = []
      size = 0
    }
    for (const effect of list) {
      const line = effectText(effect)
      if (size + line.length > RECORD_BYTES) close()
      lines.push(line)
      size += line.length
    }
    close()
  }
  return entries
}

/** First line of a record that was put back: newer effects of its devices may have been stored since. */
const REDRIVEN = '{"redriven":true}'

/** The record as it is put back after it had failed. */
export const asRedriven = (data: Uint8Array): Uint8Array => {
  const text = Buffer.from(data).toString()
  return text.startsWith(REDRIVEN) ? data : Buffer.from(`${REDRIVEN}\n${text}`)
}

/** The effects of one record's bytes. Readings that were put back advance nothing any more. */
export function effectsOf(data: Uint8Array): DataEffect[] {
  const lines = Buffer.from(data).toString().split('\n')
  const redriven = lines[0] === REDRIVEN
  return lines.slice(redriven ? 1 : 0).map((line) => {
    const effect = parseEffect(line)
    if (redriven && effect.kind === 'readings')
      for (const { advancing } of effect.batch.columns) advancing.fill(0)
    return effect
  })
}

/** A record's bytes without the effects of a device: undefined where it has none, null where nothing is left. */
export function withoutThing(data: Uint8Array, thing: string): Uint8Array | null | undefined {
  const lines = Buffer.from(data).toString().split('\n')
  const isOthers = (line: string): boolean => {
    try {
      return line === REDRIVEN || thingOf(parseEffect(line)) !== thing
    } catch {
      return !line.includes(`"${thing}"`) // a barrier, or what no store could read
    }
  }
  const kept = lines.filter(isOthers)
  if (kept.length === lines.length) return undefined
  return kept.every((line) => line === REDRIVEN) ? null : Buffer.from(kept.join('\n'))
}

const thingOf = (effect: DataEffect): string => {
  switch (effect.kind) {
    case 'readings':
      return effect.batch.thing
    case 'window':
      return effect.window.thing
    case 'anomaly':
      return effect.anomaly.thing
    case 'fact':
      return effect.fact.thing
  }
}

/** FNV-1a, 32 bit. */
function laneOf(thing: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < thing.length; i++) hash = Math.imul(hash ^ thing.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % LANES
}
