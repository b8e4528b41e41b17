import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StormJob, StormReport } from './load/storm-clients.ts'
import { boxScript, child } from './load/children.ts'
import { countStored } from './load/stored.ts'

const BYSTANDERS = 20
const WAITING = 3
/** Ten thousand handshakes, three times, take minutes where client and box share two cores. */
const PATIENCE_MS = 900_000

/**
 * A whole fleet loses its connections and comes back at the same moment, with new handshakes and with resumed ones,
 * while some devices that kept theirs send on.
 */
export async function storm({ clients }: { clients: number }): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-storm-'))
  const box = child(boxScript)
  const crowd = child(new URL('./load/storm-clients.ts', import.meta.url))
  let watch: NodeJS.Timeout | undefined
  try {
    const data = join(dir, 'box')
    const certs = join(dir, 'certs')
    const devices = clients + BYSTANDERS
    const { ports } = await box.ask<{ ports: { mqtt: number } }>(
      { job: { dir: data, devices, certs } },
      'started',
      PATIENCE_MS,
    )
    const rss = async (): Promise<number> => (await box.ask<{ rss: number }>({ stats: true }, 'stats')).rss
    const before = await rss()
    let peak = before
    watch = setInterval(() => {
      rss()
        .then((now) => (peak = Math.max(peak, now)))
        .catch(() => {}) // a busy box may have been told to close before it answers
    }, 250)
    const names = Array.from({ length: devices }, (_, i) => `bench-${String(i).padStart(5, '0')}`)
    const job: StormJob = {
      port: ports.mqtt,
      certs,
      things: names.slice(BYSTANDERS),
      bystanders: names.slice(0, BYSTANDERS),
      waiting: WAITING,
    }
    const { bystanderAcksMs, ...report } = await crowd.ask<StormReport>({ job }, 'report', PATIENCE_MS)
    clearInterval(watch)
    await box.ask({ settle: true }, 'settled')
    box.send({ close: true })
    await box.kill('SIGCONT')
    const { readings } = countStored(data)
    const sorted = bystanderAcksMs.toSorted((a, b) => a - b)
    const percentile = (p: number): number =>
      Math.round(sorted[Math.floor((sorted.length - 1) * p)]! * 10) / 10
    return {
      bench: 'storm',
      clients,
      ...report,
      lost: report.acknowledged - readings,
      bystanderP50Ms: percentile(0.5),
      bystanderP99Ms: percentile(0.99),
      bystanderMaxMs: percentile(1),
      peakMb: Math.round(peak / 2 ** 20),
      kBPerConnection: Math.round((peak - before) / clients / 100) / 10,
    }
  } finally {
    clearInterval(watch)
    await box.kill()
    await crowd.kill()
    rmSync(dir, { recursive: true, force: true })
  }
}
