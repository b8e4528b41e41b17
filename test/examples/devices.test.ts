// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-explicit-any */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeviceBox, type DeviceBox } from '../local/device-box.ts'
import { expectExampleWorks, writeDevice } from '../local/example-device.ts'

const python = process.env['PYTHON'] ?? '/usr/bin/python3'
const devices = join(import.meta.dirname, '../../examples/devices')

/** Runs a program to its end, and says what to install where it fails. */
function run(remedy: string, file: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${error?.message ?? stderr}\n${remedy}`)
}

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
})
afterAll(() => box.close())

describe('examples/devices/python', () => {
  it('sends its readings, reports its shadow and does a command', async () => {
    run('install paho (Debian: apt-get install python3-paho-mqtt), or set PYTHON', python, '-c', 'import paho.mqtt.client') // prettier-ignore
    const { thing, cert, key, ca } = await writeDevice(box, 'python-1')
    const args = [join(devices, 'python/device.py'), '--port', String(box.ports.mqtt), '--thing', thing, '--cert', cert, '--key', key, '--ca', ca, '--every', '0.1', '--count', '10'] // prettier-ignore
    await expectExampleWorks(box, { thing, count: 10 }, { file: python, args })
    const shadow = await box.api('GET', `/v1/devices/${thing}/shadow`)
    expect(shadow.body.state.reported).toEqual({ everyMs: 100 })
  })
})

describe('examples/devices/c', () => {
  it('compiles without a warning, sends its readings and does a command', async () => {
    const device = join(box.dir, 'device')
    run('install a compiler and libmosquitto (Debian: apt-get install gcc libc6-dev libmosquitto-dev)', 'cc', '-O2', '-Wall', '-Wextra', '-Werror', '-pthread', '-o', device, join(devices, 'c/device.c'), '-lmosquitto', '-lm') // prettier-ignore
    const { thing, cert, key, ca } = await writeDevice(box, 'c-1')
    const args = ['localhost', String(box.ports.mqtt), 'plant', thing, ca, cert, key, '3']
    await expectExampleWorks(box, { thing, count: 3 }, { file: device, args })
  })
})
