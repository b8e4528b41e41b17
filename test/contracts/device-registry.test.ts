import { afterAll } from 'vitest'
import { createBoxCredentials } from '../../local/box-credentials.ts'
import { localCredentials } from '../../local/local-credentials.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceDirectory } from '../../src/adapters/aws/dynamo/dynamo-device-directory.ts'
import { dynamoGroups } from '../../src/adapters/aws/dynamo/dynamo-groups.ts'
import { iotCredentialDesk, sweepRetirements } from '../../src/adapters/aws/iot/iot-credential-desk.ts'
import { iotCredentials } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { iotThings } from '../../src/adapters/aws/iot/iot-things.ts'
import { groupCommit, openDeviceBook } from '../../src/adapters/local/devices/schema.ts'
import { sqliteRetirements } from '../../src/adapters/local/devices/sqlite-device-desk.ts'
import { awsExchanges, contractDynamo } from '../aws/exchanges.ts'
import { makeDeployment, policy } from '../aws/iot-under-test.ts'
import { startDeviceBox, type DeviceBox } from '../local/device-box.ts'
import { deviceRegistryContract } from './device-registry.ts'

let box: DeviceBox | undefined
const aws = awsExchanges('device-registry')
afterAll(async () => {
  await box?.close()
  aws.close()
})

deviceRegistryContract('the box', async () => {
  box = await startDeviceBox()
  const { devices, rootPem } = box
  const broker = { reloadCrl: () => undefined }
  let now = 1_795_341_600_000
  const db = openDeviceBook(':memory:')
  const rotation = createBoxCredentials({
    devices,
    store: sqliteRetirements(db, groupCommit(db)),
    clock: { now: () => now, elapsed: () => now },
    audit: { record: () => {} },
    caPem: () => rootPem,
    cut: () => {},
  })
  return {
    rotation,
    pass: (ms) => void (now += ms),
    directory: devices,
    credentials: localCredentials({ devices, broker, caPem: () => rootPem, endpoint: box.mqttUrl }),
  }
})

deviceRegistryContract('AWS', async () => {
  await makeDeployment(aws)
  const { dynamo, table } = await contractDynamo()
  const [iot, data] = [aws.client('iot'), aws.client('data')]
  let now = 1_795_341_600_000
  // A change of the same moment would be the same version.
  const clock = { now: () => ++now }
  const endpoint = { endpoint: 'mqtts://a-ats.iot.eu-central-1.amazonaws.com:8883', caPem: '-----BEGIN CERTIFICATE-----' } // prettier-ignore
  const credentials = iotCredentials({ iot, data, policy, endpoint })
  const rotation = { dynamo, table: table('Retirements'), credentials, clock, audit: { record: () => {} } }
  return {
    rotation: { ...iotCredentialDesk(rotation), sweep: async () => sweepRetirements(rotation) },
    pass: (ms) => void (now += ms),
    credentials,
    directory: dynamoDeviceDirectory({
      dynamo,
      table: table('Registry'),
      config: dynamoConfigStore(dynamo, table('Config'), clock),
      things: iotThings(iot, data),
      clock,
      effectiveAfterMs: 10_000,
      membersOf: dynamoGroups(dynamo, table('Groups')).membersOf,
    }),
  }
})
