import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boxDefaults, startBox, type Box } from '../../../local/box.ts'
import { freshPage } from '../../../local/page-folder.ts'
import { connectDevice, type SimulatedDevice } from './device.ts'

export interface StartedBox {
  box: Box
  device(
    trade: 'plant' | 'fleet' | 'building',
    type: string,
    thing: string,
    site: string,
  ): Promise<SimulatedDevice>
  close(): Promise<void>
}

/** The real box on ports of its own, with a type of each trade. */
export async function startedBox(httpPort = 0): Promise<StartedBox> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-browser-'))
  const trouble: string[] = []
  const box = await startBox({
    ...boxDefaults,
    dir,
    mqttPort: 0,
    httpsPort: 0,
    httpPort,
    notifiers: [],
    version: '0.1.0',
    page: freshPage((line) => trouble.push(line)),
    log: (line) => trouble.push(line),
  })
  const { devices } = box
  await devices.putType(
    {
      name: 'motor',
      trade: 'plant',
      expectedIntervalMs: 1000,
      measures: {
        temperature: { unit: 'Cel', low: -20, high: 90, severity: { limit: 'critical' } },
        vibration: { unit: 'mm/s', low: 0, high: 7.1, severity: { limit: 'major' } },
        current: { unit: 'A', low: 0, high: 60 },
        rpm: { unit: '/min', low: 0, high: 3000 },
      },
    },
    'test',
  )
  await devices.putType(
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
    'test',
  )
  await devices.putType(
    {
      name: 'zone',
      trade: 'building',
      measures: {
        temperature: { unit: 'Cel', low: 10, high: 35 },
        humidity: { unit: '%', low: 0, high: 100 },
        co2: { unit: '[ppm]', low: 0, high: 1400 },
      },
    },
    'test',
  )
  const open: SimulatedDevice[] = []
  return {
    box,
    async device(trade, type, thing, site) {
      await devices.put({ thing, trade, type, site, status: 'active', attributes: {} }, 'test')
      const device = await connectDevice(box, trade, thing, await devices.issue(thing))
      open.push(device)
      return device
    },
    async close() {
      await Promise.all(open.map(async (device) => device.close()))
      await box.close()
      rmSync(dir, { recursive: true })
      if (trouble.length > 0) throw new Error(`the box said: ${trouble.join('; ')}`)
    },
  }
}
