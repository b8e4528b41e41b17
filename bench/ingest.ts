import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorityFiles } from '../src/adapters/local/ca/authority-files.ts'
import { boxScript, ceilingScript, child, generatorScript } from './load/children.ts'
import type { Report } from './load/generator.ts'
import { readingsPerMessage, type PayloadKind } from './load/messages.ts'
import { countStored } from './load/stored.ts'

export interface IngestOptions {
  payload: PayloadKind
  plain: boolean
  seconds: number
  devices: number
}

/** Below these the machine was too busy for the figures to mean anything (DESIGN section 9). */
const leastCeiling: Record<PayloadKind, number> = { pack50: 600_000, single: 60_000 }
/** What a minute of the brief is: a million readings. */
const BRIEF_PER_SECOND = 1_000_000 / 60

interface Started {
  ports: { mqtt: number; plain: number }
}

/** Durable, through every stage, queryable: readings a second of the box and of the ceiling, on the same transport. */
export async function ingest(options: IngestOptions): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-ingest-'))
  const certs = options.plain ? undefined : join(dir, 'certs')
  try {
    const box = child(boxScript)
    const { ports } = await box.ask<Started>(
      { job: { dir: join(dir, 'box'), devices: options.devices, ...(certs ? { certs } : {}) } },
      'started',
    )
    const product = await load(options, options.plain ? ports.plain : ports.mqtt, certs)
    const waited = performance.now()
    await box.ask({ settle: true }, 'settled')
    const seconds = product.seconds + (performance.now() - waited) / 1000
    const { stats } = {
      stats: await box.ask<{ cpu: NodeJS.CpuUsage; rss: number }>({ stats: true }, 'stats'),
    }
    box.send({ close: true })
    await box.kill('SIGCONT')
    const stored = countStored(join(dir, 'box'))

    const ceiling = await runCeiling(options, dir, certs)
    const readingsPerSecond = Math.round(product.readings / seconds)
    return {
      bench: 'ingest',
      payload: options.payload,
      transport: options.plain ? 'plain' : 'mTLS',
      devices: options.devices,
      series: options.devices * 10,
      readingsPerSecond,
      ceilingReadingsPerSecond: ceiling,
      ratio: round(readingsPerSecond / ceiling),
      timesTheBrief: round(readingsPerSecond / BRIEF_PER_SECOND),
      acknowledged: product.readings,
      stored: stored.readings,
      lost: product.readings - stored.readings,
      residentMB: Math.round(stats.rss / 1048576),
      durationS: round(seconds),
      void: options.plain && ceiling < leastCeiling[options.payload],
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function runCeiling(options: IngestOptions, dir: string, certs: string | undefined): Promise<number> {
  const ceiling = child(ceilingScript)
  const server = join(dir, 'box', 'ca', authorityFiles.server)
  const tls = certs ? { key: server, cert: server, ca: `${certs}/ca.crt` } : undefined
  const port = await ceiling.ask<number>({ dir, ...(tls ? { tls } : {}) }, 'port')
  const report = await load(options, port, certs)
  const messages = report.acknowledged
  const waited = performance.now()
  for (;;) {
    const { stored } = await ceiling.ask<{ stored: number }>({ stats: true }, 'stats')
    if (stored >= messages) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const seconds = report.seconds + (performance.now() - waited) / 1000
  await ceiling.kill()
  return Math.round((messages * readingsPerMessage[options.payload]) / seconds)
}

async function load(options: IngestOptions, port: number, certs: string | undefined): Promise<Report> {
  const generator = child(generatorScript)
  const things = Array.from({ length: options.devices }, (_, i) => `bench-${String(i).padStart(5, '0')}`)
  const job = {
    port,
    things,
    kind: options.payload,
    seconds: options.seconds,
    inFlight: options.payload === 'single' ? 8 : 4,
    ...(certs ? { certs } : {}),
  }
  await generator.ask({ job }, 'ready')
  const report = await generator.ask<Report>({ go: true }, 'report', options.seconds * 1000 + 60_000)
  await generator.kill()
  return report
}

const round = (x: number): number => Math.round(x * 1000) / 1000
