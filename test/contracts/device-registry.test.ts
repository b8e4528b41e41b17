import { afterAll } from 'vitest'
import { localCredentials } from '../../local/local-credentials.ts'
import { startDeviceBox, type DeviceBox } from '../local/device-box.ts'
import { deviceRegistryContract } from './device-registry.ts'

let box: DeviceBox | undefined
afterAll(() => box?.close())

deviceRegistryContract('the box', async () => {
  box = await startDeviceBox()
  const { devices, rootPem } = box
  const broker = { reloadCrl: () => undefined }
  return {
    directory: devices,
    credentials: localCredentials({ devices, broker, caPem: () => rootPem, endpoint: box.mqttUrl }),
  }
})
