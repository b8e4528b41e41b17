import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boxScript, ceilingScript, child, generatorScript, type Child } from './load/children.ts'
import { createAckReader, connectFrame, publishFrame } from './load/mqtt-wire.ts'

export interface LatencyOptions {
  perMinute: number
  seconds: number
}

const DEVICES = 1000
const PROBE = 'bench-01000'
const PROBE_EVERY_MS = 20

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
    const ours = await measure(options, box, ports.plain)
    const { rss } = await box.ask<{ rss: number }>({ stats: true }, 'stats')
    box.send({ close: true })
    await box.kill('SIGCONT')
    const ceiling = child(ceilingScript)
    const port = await ceiling.ask<number>({ dir }, 'port')
    const theirs = await measure(options, ceiling, port)
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
): Promise<Figures> {
  const generator = child(generatorScript)
  const things = Array.from({ length: DEVICES }, (_, i) => `bench-${String(i).padStart(5, '0')}`)
  await generator.ask(
    { job: { port, things, kind: 'single', seconds: seconds + 2, inFlight: 64, rate: perMinute / 60 } },
    'ready',
  )
  const finished = generator.ask({ go: true }, 'report', (seconds + 60) * 1000)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const figures = await probe(server, port, seconds)
  await finished
  await generator.kill()
  return figures
}

/** The server's parent hears of every alarm; what counts is when the notifier was called, so the message's way here is on top. */
async function probe(server: Child, port: number, seconds: number): Promise<Figures> {
  const sent = new Map<number, number>()
  const latencies: number[] = []
  server.on((message) => {
    const at = (message['alarm'] !== undefined && (message['at'] ?? message['alarm'])) as number | false
    const start = at === false ? undefined : sent.get(at)
    if (start === undefined) return
    sent.delete(at as number)
    latencies.push(performance.now() - start)
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
  const end = performance.now() + seconds * 1000
  for (let i = 1; performance.now() < end; i++) {
    const at = Date.now()
    const high = i % 2 === 1
    const payload = Buffer.from(JSON.stringify({ at, measures: { temperature: high ? 2000 : 0 } }))
    if (high) sent.set(at, performance.now())
    socket.write(publishFrame(`dt/plant/${PROBE}/telemetry`, payload, (i % 65_000) + 1))
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS / 2))
  }
  await new Promise((resolve) => setTimeout(resolve, 1500))
  socket.destroy()
  return { latencies, lost: sent.size }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN) * 100) / 100
}
