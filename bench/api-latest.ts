import { once } from 'node:events'
import { Agent, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { createApi } from '../src/api/create-api.ts'
import { apiEndpoints } from '../src/api/endpoints.ts'
import type { ApiPorts } from '../src/api/ports.ts'
import type { Device } from '../src/core/device/profile.ts'
import { createBoxStates, type BoxStates } from '../local/box-states.ts'
import { latestInStates } from '../local/latest-in-states.ts'
import { createLatestTexts } from '../local/latest-texts.ts'
import { addSeries, seriesBase } from '../src/core/telemetry/device-state.ts'
import type { NormalizeOffsets } from '../src/pipeline/stages/normalize.ts'
import { tradeLayout } from '../src/pipeline/trade-layouts.ts'

export interface ApiLatestResult {
  devices: number
  measures: number
  /** Share of the devices that send something between two requests. */
  changed: number
  requests: number
  bytes: number
  p50Ms: number
  p99Ms: number
}

/**
 * Time from request to last byte of /v1/latest over a real server on loopback, from the box's own fast state: routing,
 * scope, serialisation, HTTP. Client and server share this process's thread.
 */
export async function apiLatest({
  devices = 10_000,
  measures = 5,
  changed = 0.1,
  requests = 60,
} = {}): Promise<ApiLatestResult> {
  const states = statesOf(devices, measures)
  const server = createAdaptorServer({
    fetch: createApi(portsOf(devices, states), { version: '0', endpoints: apiEndpoints }).fetch,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  const ask = async (): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer bench' }
      get({ port, host: '127.0.0.1', path: '/v1/latest', headers, agent }, (response) => {
        let bytes = 0
        response.on('data', (chunk: Uint8Array) => (bytes += chunk.byteLength))
        response.on('end', () =>
          response.statusCode === 200 ? resolve(bytes) : reject(new Error(`status ${response.statusCode}`)),
        )
      }).on('error', reject)
    })
  try {
    for (let warmUp = 0; warmUp < 10; warmUp++) await ask()
    const times: number[] = []
    let bytes = 0
    for (let request = 0; request < requests; request++) {
      for (let k = 0; k < changed * devices; k++)
        send(states, (k * 7919 + request) % devices, measures, 21 + Math.sin(k + request) * 10)
      const start = performance.now()
      bytes = await ask()
      times.push(performance.now() - start)
    }
    times.sort((a, b) => a - b)
    const quantile = (q: number) =>
      Number(times[Math.min(requests - 1, Math.floor(q * requests))]?.toFixed(2))
    return { devices, measures, changed, requests, bytes, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
  } finally {
    agent.destroy()
    server.close()
  }
}

const NOW = 1_795_341_600_000

const layout = tradeLayout('plant')
const o = layout.series('normalize') as NormalizeOffsets
const named = (index: number): string => `motor-${String(index).padStart(6, '0')}`

/** Full-length doubles: the worst case of number formatting, as converted units are. */
function statesOf(devices: number, measures: number): BoxStates {
  const states = createBoxStates([layout], () => layout, [], [])
  for (let index = 0; index < devices; index++) send(states, index, measures, 20 + Math.sin(index) * 10)
  return states
}

function send(states: BoxStates, index: number, measures: number, first: number): void {
  const [state] = states.load([named(index)]) as ReturnType<BoxStates['get']>[]
  if (!state) return
  for (let slot = 0; slot < measures; slot++) {
    if (slot === state.measures.length) addSeries(state, `temperature@s${slot}`)
    const base = seriesBase(layout, slot)
    state.f64[base + o.lastAt] = NOW - ((index * 37) % 60_000)
    state.f64[base + o.lastValue] = first + slot
    state.f32[base * 2 + o.trendTT] = 2
    state.f32[base * 2 + o.trendTY] = Math.cos(index * slot) / 3
  }
  void states.commit([state])
}

function portsOf(count: number, states: BoxStates): ApiPorts {
  const devices: Device[] = Array.from({ length: count }, (_, index) => ({
    thing: named(index),
    trade: 'plant',
    type: 'motor',
    status: 'active',
    site: `hall-${index % 10}`,
    attributes: {},
  }))
  const absent = () => {
    throw new Error('this benchmark does not ask for it')
  }
  return {
    telemetry: { readings: absent, windows: absent, anomalies: absent, facts: absent },
    alarms: {
      apply: absent,
      untold: absent,
      told: absent,
      acknowledge: absent,
      get: absent,
      list: absent,
      history: absent,
    },
    quarantine: { list: absent, get: absent, mark: absent },
    audit: { record: absent, flush: absent, list: absent },
    submit: absent,
    health: absent,
    metrics: absent,
    live: null,
    clock: { now: () => NOW, elapsed: () => performance.now() },
    authenticate: () => ({ name: 'bench', role: 'viewer', sites: null }),
    latest: latestInStates(states, createLatestTexts(absent)),
    devices: {
      list: async ({ cursor, limit }) => {
        const start = cursor === undefined ? 0 : devices.findIndex(({ thing }) => thing > cursor)
        return start < 0 ? [] : devices.slice(start, start + limit)
      },
      get: absent,
      getMany: absent,
      put: absent,
      putMany: absent,
      typeVersions: absent,
      remove: absent,
      types: absent,
      putType: absent,
    },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const changed of [0.1, 1]) console.log(JSON.stringify(await apiLatest({ changed })))
