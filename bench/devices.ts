import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boxDefaults, startBox } from '../local/box.ts'
import type { Device } from '../src/core/device/profile.ts'
import { createPresenceWatch } from '../src/pipeline/jobs/presence.ts'

const SITES = 100
const AT_ONCE = 1000
const ASKED = 40
const SWEEP_S = 10

/**
 * A registry of this size in a box that really runs: registration, every kind of page over HTTP (client and box share
 * this process), and what a sweep of the presence watch looks at.
 */
export async function devicesBench({ devices }: { devices: number }): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-devices-bench-'))
  const box = await startBox({ ...boxDefaults, dir, mqttPort: 0, httpsPort: 0, httpPort: 0, notifiers: [], version: '0', log: (line) => console.error(line) }) // prettier-ignore
  const agent = new Agent({ keepAlive: true })
  try {
    await box.devices.putType({ name: 'motor', trade: 'plant', measures: { temperature: { unit: 'Cel' } } }, 'bench') // prettier-ignore
    const started = performance.now()
    for (let i = 0; i < devices; i += AT_ONCE)
      await box.devices.putMany(Array.from({ length: Math.min(AT_ONCE, devices - i) }, (_, n) => deviceOf(i + n, devices)), 'bench') // prettier-ignore
    const registeredPerSecond = Math.round(devices / ((performance.now() - started) / 1000))

    const ask = async (path: string): Promise<{ ms: number; items: number }> => {
      const start = performance.now()
      const text = await new Promise<string>((resolve, reject) => {
        const headers = { authorization: `Bearer ${box.token}` }
        get(box.url + path, { headers, agent }, (response) => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (body += chunk))
          response.on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`${path}: ${body}`)))) // prettier-ignore
        }).on('error', reject)
      })
      const ms = performance.now() - start
      return { ms, items: (JSON.parse(text) as { items?: unknown[] }).items?.length ?? 0 }
    }
    const { next } = await (async () => {
      const headers = { authorization: `Bearer ${box.token}` }
      const page = await fetch(`${box.url}/v1/devices?limit=1`, { headers })
      return (await page.json()) as { next?: string | null }
    })()
    const rare = `line-${devices - 1}`
    const pages: Record<string, string> = {
      first: '/v1/devices?limit=100',
      ...(next ? { second: next.replace('limit=1&', 'limit=100&') } : {}),
      site: '/v1/devices?limit=100&site=site-99',
      typeAndStatus: '/v1/devices?limit=100&type=motor&status=suspended',
      searchForOne: `/v1/devices?limit=100&text=${rare}`,
      searchForNone: '/v1/devices?limit=100&text=nothing-like-it',
      neverSeen: '/v1/status?limit=100&condition=never',
      offline: '/v1/status?limit=100&condition=offline',
      counts: '/v1/status/counts',
      nearest: '/v1/nearest?latitude=50&longitude=7&limit=10',
    }
    const found: Record<string, { p50Ms: number; maxMs: number; items: number }> = {}
    for (const [name, path] of Object.entries(pages)) {
      const first = await ask(path)
      const times: number[] = []
      for (let n = 0; n < ASKED; n++) times.push((await ask(path)).ms)
      times.sort((a, b) => a - b)
      found[name] = { p50Ms: rounded(times[ASKED / 2]!), maxMs: rounded(Math.max(first.ms, times.at(-1)!)), items: first.items } // prettier-ignore
    }
    const slowest = Math.max(...Object.values(found).map(({ p50Ms }) => p50Ms))
    return {
      bench: 'devices',
      devices,
      registeredPerSecond,
      slowestPageP50Ms: slowest,
      pages: found,
      sweep: { of: devices, ...(await sweepOf(devices)) },
      sweepOfATenth: { of: devices / 10, ...(await sweepOf(devices / 10)) },
      residentMB: Math.round(process.memoryUsage().rss / 2 ** 20),
    }
  } finally {
    agent.destroy()
    await box.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

const deviceOf = (n: number, of: number): Device => ({
  thing: `motor-${String(n).padStart(6, '0')}`,
  trade: 'plant',
  type: 'motor',
  site: `site-${n % SITES}`,
  // A few at the end, where a walk finds them last.
  status: n > of - 50 ? 'suspended' : 'active',
  location: { latitude: 45 + ((n * 7919) % 10_000) / 1000, longitude: 5 + ((n * 104_729) % 10_000) / 1000 },
  attributes: { line: `line-${n}`, maker: 'ACME' },
})

/** Everybody sends once a minute, spread over it; then the same five hundred fall silent, however many others there are. */
async function sweepOf(devices: number) {
  const startedAt = 1_795_341_600_000
  let looks = 0
  let raised = 0
  const things = Array.from({ length: devices }, (_, n) => deviceOf(n, devices))
  const byName = new Map(things.map((device) => [device.thing, device]))
  const watch = createPresenceWatch(
    {
      device: (thing) => (looks++, byName.get(thing) ?? null),
      declaredIntervalMs: () => 60_000,
      deliver: async (transitions) => void (raised += transitions.length),
      soon: queueMicrotask,
    },
    { startedAt, bucketMs: 1000, startGraceMs: 0, stored: [], lastData: things.map(({ thing }) => [thing, startedAt] as const), raised: [] }, // prettier-ignore
  )
  const hear = (second: number, from: number): void => {
    for (let n = second % 60; n < devices; n += 60)
      if (n >= from) watch.heard(things[n]!.thing, startedAt + second * 1000)
  }
  const sweeps: { looks: number; ms: number }[] = []
  const sweep = async (second: number): Promise<void> => {
    looks = 0
    const start = performance.now()
    await watch.sweep(startedAt + second * 1000)
    sweeps.push({ looks, ms: performance.now() - start })
  }
  const run = async (first: number, last: number, from: number) => {
    sweeps.length = raised = 0
    for (let second = first; second < last; second++) {
      hear(second, from)
      await Promise.resolve()
      if (second % SWEEP_S === 0) await sweep(second)
    }
    const mean = sweeps.reduce((sum, { looks }) => sum + looks, 0) / sweeps.length
    return { sweeps: sweeps.length, looksPerSweep: Math.round(mean), mostLooks: Math.max(...sweeps.map(({ looks }) => looks)), slowestMs: rounded(Math.max(...sweeps.map(({ ms }) => ms))), raised } // prettier-ignore
  }
  await run(0, 600, 0) // learning
  return { usual: await run(600, 1200, 0), fiveHundredFallSilent: await run(1200, 1500, 500) }
}

const rounded = (x: number): number => Math.round(x * 100) / 100
