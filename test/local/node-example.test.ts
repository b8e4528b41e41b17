// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-explicit-any */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeviceBox, type DeviceBox } from './device-box.ts'
import { expectExampleWorks, writeDevice } from './example-device.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

describe('examples/devices/node', () => {
  it('sends its readings, reports its shadow and does a command', async () => {
    const { thing, cert, key, ca } = await writeDevice(box, 'node-1')
    const script = join(import.meta.dirname, '../../examples/devices/node/device.mjs')
    const env = { ENDPOINT: 'localhost', PORT: String(box.ports.mqtt), THING: thing, CERT: cert, KEY: key, CA: ca, COUNT: '6', EVERY_MS: '50' } // prettier-ignore
    await expectExampleWorks(box, { thing, count: 6 }, { file: process.execPath, args: [script], env })
    const shadow = await box.api('GET', `/v1/devices/${thing}/shadow`)
    expect(shadow.body.state.reported).toEqual({ everyMs: 50 })
  })
})
