import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { child, generatorScript } from './load/children.ts'
import type { Report } from './load/generator.ts'
import { readingsPerMessage } from './load/messages.ts'
import { openQueryBox } from './load/open-query-box.ts'
import { thing } from './load/query-data.ts'
import type { Sealed } from './query.ts'

export interface SealingOptions {
  /** Readings of a day that is over, sealed in one round. */
  rows: number
  /** Readings that come in meanwhile. */
  perMinute: number
  seconds: number
}

const SENDERS = 1000

/** What sealing takes of a core, and what it does to ingest: PUBACK times at a million readings a minute, without and with it. */
export async function sealing({
  rows,
  perMinute,
  seconds,
}: SealingOptions): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-sealing-'))
  const box = openQueryBox()
  const { ask } = box
  try {
    const empty = { dir: join(dir, 'box'), lakeDir: dir, files: [], messages: 0, readings: 1 }
    const { plainPort } = await ask<{ plainPort: number }>({ fill: empty })
    await ask({ fillDay: { rows, daysAgo: 1 } })
    const alone = await load(plainPort, perMinute, seconds, async () => null)
    const together = await load(plainPort, perMinute, seconds, () => ask<Sealed>({ seal: true }))
    const { rows: sealed, seconds: took, cpuSeconds, peakMb } = together.meanwhile
    await ask({ close: true })
    return {
      bench: 'sealing',
      perMinute,
      sealedRows: sealed,
      sealSeconds: Math.round(took * 10) / 10,
      sealRowsPerSecond: Math.round(sealed / took),
      sealRowsPerCpuSecond: Math.round(sealed / cpuSeconds),
      /** Of one core, where a million readings a minute are sealed as they come. */
      sealCoreShareAtAMillionAMinute: Math.round((1e6 / 60 / (sealed / cpuSeconds)) * 1000) / 1000,
      sealPeakMb: Math.round(peakMb),
      ackP50Ms: quantile(alone.ackMs, 0.5),
      ackP99Ms: quantile(alone.ackMs, 0.99),
      ackWhileSealingP50Ms: quantile(together.ackMs, 0.5),
      ackWhileSealingP99Ms: quantile(together.ackMs, 0.99),
    }
  } finally {
    box.kill()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Readings at this rate over MQTT, and something else from their first second on. */
async function load<T>(
  port: number,
  perMinute: number,
  seconds: number,
  other: () => Promise<T>,
): Promise<{ ackMs: number[]; meanwhile: T }> {
  const kind = 'pack50' as const
  const generator = child(generatorScript)
  const things = Array.from({ length: SENDERS }, (_, i) => thing(i))
  const rate = perMinute / 60 / readingsPerMessage[kind]
  await generator.ask({ job: { port, things, kind, seconds, inFlight: 64, rate } }, 'ready')
  const finished = generator.ask<Report>({ go: true }, 'report', (seconds + 60) * 1000)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const meanwhile = await other()
  const { ackMs = [] } = await finished
  await generator.kill()
  return { ackMs, meanwhile }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN) * 100) / 100
}
