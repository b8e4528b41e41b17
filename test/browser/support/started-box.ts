import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { boxDefaults, startBox, type Box } from '../../../local/box.ts'
import { freshPage } from '../../../local/page-folder.ts'
import { connectDevice, type SimulatedDevice } from './device.ts'

export interface StartedBox {
  readonly box: Box
  /** Its data directory. */
  readonly dir: string
  device(
    trade: 'plant' | 'fleet' | 'building',
    type: string,
    thing: string,
    site: string,
  ): Promise<SimulatedDevice>
  /** Ends the box and starts it again on the same data and port. */
  restart(down: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

const road = fileURLToPath(new URL('../../../examples/road/monaco.osm.gz', import.meta.url))

/** The real box on ports of its own, with a type of each trade unless it is to be empty. */
export async function startedBox({ empty = false } = {}): Promise<StartedBox> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-browser-'))
  const trouble: string[] = []
  const start = async (httpPort: number): Promise<Box> =>
    startBox({
      ...boxDefaults,
      dir,
      mqttPort: 0,
      httpsPort: 0,
      httpPort,
      road,
      reportZone: 'Europe/Berlin',
      notifiers: [],
      version: '0.1.0',
      page: freshPage((line) => trouble.push(line)),
      log: (line) => trouble.push(line),
    })
  let box = await start(0)
  if (!empty) for (const type of types) await box.devices.putType(type, 'test')
  const open: SimulatedDevice[] = []
  return {
    dir,
    get box() {
      return box
    },
    async device(trade, type, thing, site) {
      await box.devices.put({ thing, trade, type, site, status: 'active', attributes: {} }, 'test')
      const device = await connectDevice(box, trade, thing, await box.devices.issue(thing))
      open.push(device)
      return device
    },
    async restart(down) {
      const { port } = new URL(box.url)
      await Promise.all(open.splice(0).map(async (device) => device.close()))
      await box.close()
      await down()
      box = await start(Number(port))
    },
    async close() {
      await Promise.all(open.map(async (device) => device.close()))
      await box.close()
      rmSync(dir, { recursive: true })
      if (trouble.length > 0) throw new Error(`the box said: ${trouble.join('; ')}`)
    },
  }
}

const types: Parameters<Box['devices']['putType']>[0][] = [
  {
    name: 'motor',
    trade: 'plant',
    expectedIntervalMs: 1000,
    measures: {
      temperature: { unit: 'Cel', low: -20, high: 90, severity: { limit: 'critical' } },
      vibration: { unit: 'mm/s', low: 0, high: 7.1, severity: { limit: 'major' } },
      current: { unit: 'A', low: 0, high: 60, severity: { limit: 'minor' } },
      rpm: { unit: '/min', low: 0, high: 3000 },
    },
  },
  {
    name: 'van',
    trade: 'fleet',
    measures: {
      latitude: { unit: 'deg' },
      longitude: { unit: 'deg' },
      speed: { unit: 'km/h', low: 0, high: 200 },
      fuelLevel: { unit: '%', low: 0, high: 100 },
    },
  },
  {
    name: 'zone',
    trade: 'building',
    measures: {
      temperature: { unit: 'Cel', low: 10, high: 35 },
      humidity: { unit: '%', low: 0, high: 100 },
      co2: { unit: '[ppm]', low: 0, high: 1400 },
    },
  },
]
