import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { boxScript, ceilingScript, child, generatorScript, type Child } from './load/children.ts'
import { createAckReader, connectFrame, publishFrame } from './load/mqtt-wire.ts'

export interface LatencyOptions {
  perMinute: number
  seconds: number
}

const DEVICES = 1000
const PROBE = 'bench-01000'
const PROBE_EVERY_MS = 20
const TURNS = 4

interface Figures {
  latencies: number[]
  lost: number
}

/** From the publish of a reading beyond its limit to the call of the notifier, while a million readings a minute come in. */
export async function latency(options: LatencyOptions): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-latency-'))
  try {
    const box = child(boxScript)
    const { ports } = await box.ask<{ ports: { plain: number } }>(
      { job: { dir: join(dir, 'box'), devices: DEVICES + 1 } },
      'started',
    )
    const ceiling = child(ceilingScript)
    mkdirSync(join(dir, 'ceiling'))
    const port = await ceiling.ask<number>({ dir: join(dir, 'ceiling') }, 'port')
    const ours: Figures = { latencies: [], lost: 0 }
    const theirs: Figures = { latencies: [], lost: 0 }
    // In turn, so that whatever else the machine does falls on both; the one that has no clients rests.
    for (let turn = 0; turn < TURNS; turn++) {
      await measure(options, box, ports.plain, ours)
      await box.ask({ settle: true }, 'settled')
      await measure(options, ceiling, port, theirs)
    }
    const { rss } = await box.ask<{ rss: number }>({ stats: true }, 'stats')
    box.send({ close: true })
    await box.kill('SIGCONT')
    await ceiling.kill()
    return {
      bench: 'latency',
      perMinute: options.perMinute,
      probes: ours.latencies.length,
      p50Ms: quantile(ours.latencies, 0.5),
      p99Ms: quantile(ours.latencies, 0.99),
      ceilingP50Ms: quantile(theirs.latencies, 0.5),
      ceilingP99Ms: quantile(theirs.latencies, 0.99),
      residentMB: Math.round(rss / 1048576),
      lost: ours.lost,
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measure(
  { perMinute, seconds }: LatencyOptions,
  server: Child,
  port: number,
  figures: Figures,
): Promise<void> {
  const generator = child(generatorScript)
  const things = Array.from({ length: DEVICES }, (_, i) => `bench-${String(i).padStart(5, '0')}`)
  await generator.ask(
    {
      job: { port, things, kind: 'single', seconds: seconds / TURNS + 2, inFlight: 64, rate: perMinute / 60 },
    },
    'ready',
  )
  const finished = generator.ask({ go: true }, 'report', (seconds / TURNS + 60) * 1000)
  await setTimeout(1000)
  await probe(server, port, seconds / TURNS, figures)
  await finished
  await generator.kill()
}

/** The server's parent hears of every alarm; what counts is when the notifier was called, so the message's way here is on top. */
async function probe(server: Child, port: number, seconds: number, figures: Figures): Promise<void> {
  const sent = new Map<number, number>()
  server.on((message) => {
    const at = (message['alarm'] !== undefined && (message['at'] ?? message['alarm'])) as number | false
    const start = at === false ? undefined : sent.get(at)
    if (start === undefined) return
    sent.delete(at as number)
    figures.latencies.push(performance.now() - start)
  })
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await new Promise<void>((resolve) => {
    socket.on(
      'data',
      createAckReader(
        () => {},
        () => resolve(),
      ),
    )
    socket.write(connectFrame(PROBE))
  })
  let packet = 0
  const publish = (at: number, temperature: number): void => {
    const payload = Buffer.from(JSON.stringify({ at, measures: { temperature } }))
    socket.write(publishFrame(`dt/plant/${PROBE}/telemetry`, payload, (++packet % 65_000) + 1))
  }
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const at = Date.now()
    sent.set(at, performance.now())
    publish(at, 2000)
    await setTimeout(PROBE_EVERY_MS / 2)
    publish(Date.now(), 0) // clears it
    await setTimeout(PROBE_EVERY_MS / 2)
  }
  await setTimeout(1500)
  socket.destroy()
  figures.lost += sent.size
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN) * 100) / 100
}
