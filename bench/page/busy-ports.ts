import type { ApiPorts } from '../../src/api/ports.ts'
import type { Device, DeviceType } from '../../src/core/device/profile.ts'
import type { DeviceDesk, DeviceStatusView, StatusDesk } from '../../src/ports/device-desk.ts'
import type { LiveVehicle } from '../../src/ports/fleet-reader.ts'
import type { LatestValue, Reading } from '../../src/ports/telemetry-reader.ts'

const MACHINES = 12
const measures = ['temperature', 'vibration', 'current'] as const
const EVENT_MS = 16
const STEP_MS = 250

/**
 * A platform that is all motion: a dozen machines whose every value changes with every frame, and vehicles that all have a
 * new position whenever they are asked for. It answers what the page asks and nothing else, so that a frame’s time is the
 * page’s own.
 */
export function busyPorts(vehicles: number): ApiPorts {
  const devices = [...Array.from({ length: MACHINES }, (_, i) => machine(i)), ...Array.from({ length: vehicles }, (_, i) => vehicle(i))].sort((a, b) => (a.thing < b.thing ? -1 : 1)) // prettier-ignore
  const byThing = new Map(devices.map((device) => [device.thing, device]))
  const index = new Map(devices.map(({ thing }, i) => [thing, i]))
  const absent = () => {
    throw new Error('this benchmark does not ask for it')
  }
  const startedAt = Date.now()
  let readings = 0
  const latestOf = (thing: string): LatestValue[] =>
    byThing.get(thing)?.trade === 'fleet' ? [] : running(index.get(thing) ?? 0, Date.now())
  return {
    telemetry: {
      readings: async ({ thing, from, to, measures: only = measures, limit, after }) => {
        const found: Reading[] = []
        const start = Math.max(from, after?.at ?? 0)
        for (
          let at = Math.ceil((start + 1) / STEP_MS) * STEP_MS;
          at < to && found.length < limit;
          at += STEP_MS
        )
          for (const { measure, value } of running(index.get(thing) ?? 0, at))
            if (only.includes(measure))
              found.push({ measure, at, value, text: null, quality: 'good', receivedAt: at })
        return found
      },
      windows: async () => [],
      anomalies: async () => [],
      facts: async () => [],
    },
    latest: { latest: async (things) => things.map((thing) => ({ thing, values: latestOf(thing) })) },
    fleet: {
      positions: async () => devices.flatMap(({ thing, trade }, i) => (trade === 'fleet' ? [driving(thing, i, Date.now())] : [])), // prettier-ignore
      fuel: absent,
      driving: absent,
      track: absent,
    },
    // Of everything that people do with devices the page of a fleet asks for nothing but their status.
    deviceDesk: deskOf({
      of: async (thing) => online(thing, startedAt),
      list: async ({ trade, cursor = '', limit }) =>
        devices
          .filter((d) => d.thing > cursor && (trade === undefined || d.trade === trade))
          .slice(0, limit)
          .map(({ thing }) => online(thing, startedAt)),
      counts: async () => ({ devices: devices.length, online: devices.length, silent: 0, offline: 0, never: 0, suspended: 0, retired: 0 }), // prettier-ignore
    }),
    alarms: {
      apply: absent,
      untold: absent,
      told: absent,
      acknowledge: absent,
      get: absent,
      list: async () => [],
      history: async () => [],
    },
    quarantine: { list: async () => [], get: absent, mark: absent },
    audit: { record: () => {}, flush: async () => {}, list: async () => [] },
    devices: {
      list: async ({ cursor = '', limit, trade }) =>
        devices.filter((d) => d.thing > cursor && (trade === undefined || d.trade === trade)).slice(0, limit),
      get: async (thing) => byThing.get(thing) ?? null,
      getMany: absent,
      put: absent,
      putMany: absent,
      typeVersions: absent,
      remove: absent,
      types: async () => [motor],
      putType: absent,
    },
    clock: { now: () => Date.now(), elapsed: () => performance.now() },
    submit: absent,
    health: () => ({
      conditions: [],
      version: '0',
      startedAt,
      lastReceivedAt: Date.now(),
      gauges: { readings_total: readings },
    }),
    metrics: absent,
    live: (onEvent) => {
      const timer = setInterval(() => {
        for (const { thing, trade } of devices)
          if (trade === 'plant') onEvent({ kind: 'readings', thing, values: latestOf(thing) })
        readings += MACHINES * measures.length
      }, EVENT_MS)
      timer.unref()
      return () => clearInterval(timer)
    },
    authenticate: () => ({ name: 'bench', role: 'admin', sites: null }),
  }
}

const online = (thing: string, since: number): DeviceStatusView => ({ thing, condition: 'online', since, lastDataAt: Date.now(), connected: true, expectedSilenceMs: 60_000, because: null }) // prettier-ignore

/** A desk of which only the statuses are ever asked for. */
function deskOf(status: StatusDesk): DeviceDesk {
  const unasked: object = new Proxy(() => {
    throw new Error('this benchmark does not ask for it')
  }, { get: () => unasked }) // prettier-ignore
  const desk: Partial<Record<string | symbol, unknown>> = { status, authority: undefined }
  return new Proxy(desk, { get: (known, name) => (name in known ? known[name] : unasked) }) as unknown as DeviceDesk // prettier-ignore
}

const motor: DeviceType = {
  name: 'motor',
  trade: 'plant',
  version: 1,
  measures: {
    temperature: { unit: 'Cel', high: 90 },
    vibration: { unit: 'mm/s', high: 7 },
    current: { unit: 'A' },
  },
}
const machine = (i: number): Device => ({ thing: `motor-${i}`, trade: 'plant', type: 'motor', status: 'active', site: 'hall', attributes: {} }) // prettier-ignore
const vehicle = (i: number): Device => ({ thing: `van-${String(i).padStart(5, '0')}`, trade: 'fleet', type: 'van', status: 'active', attributes: {} }) // prettier-ignore

const running = (i: number, at: number): LatestValue[] =>
  measures.map((measure, m) => ({
    measure,
    at,
    value: 50 + 10 * m + 5 * Math.sin(at / 3000 + i) + Math.sin(at * (m + 1.7)),
    trendPerMinute: 0.1,
  }))

/** In and around one city, all of them at 50 km/h or so: on the map of that city most of them stand alone. */
function driving(thing: string, i: number, at: number): LiveVehicle {
  const reach = 0.12 * Math.sqrt(((i * 7919) % 1000) / 1000)
  const angle = i * 2.399963 + at / 500_000
  const speedKmh = 30 + (i % 50)
  return {
    thing,
    receivedAt: at,
    position: {
      at,
      lat: 48.1 + 0.7 * reach * Math.sin(angle),
      lon: 11.6 + reach * Math.cos(angle),
      speedKmh,
      course: ((angle * 180) / Math.PI + 90) % 360,
      odometerM: 0,
      standing: false,
    },
  }
}
