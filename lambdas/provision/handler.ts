import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceDirectory } from '../../src/adapters/aws/dynamo/dynamo-device-directory.ts'
import { dynamoErasures } from '../../src/adapters/aws/dynamo/dynamo-erasures.ts'
import { dynamoProvisioningStore } from '../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import { iotCertificates } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { iotThings } from '../../src/adapters/aws/iot/iot-things.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { EFFECTIVE_AFTER_MS } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { admits, type HookEvent } from './admits.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const iot = new IoTClient()
const data = new IoTDataPlaneClient()
const clock = systemClock()
const audit = dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock)
const erasures = dynamoErasures(dynamo, env.ERASURES_TABLE)
const parts = {
  store: dynamoProvisioningStore(dynamo, env.PROVISIONING_TABLE),
  devices: dynamoDeviceDirectory({
    dynamo,
    table: env.REGISTRY_TABLE,
    config: dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock),
    things: iotThings(iot, data),
    clock,
    effectiveAfterMs: EFFECTIVE_AFTER_MS,
    membersOf: async function* () {},
  }),
  credentials: iotCertificates({ iot, data }),
  isErasing: async (thing: string) => (await erasures.underWay([thing])).length > 0,
  audit,
  clock,
}

/** Fleet provisioning's question before a claim becomes a certificate: does the registry admit this device? */
export const handler = observed(({ logger }) => async (event: HookEvent) => {
  try {
    const allowProvisioning = await admits(parts, event)
    if (!allowProvisioning) logger.warn('refused a claim', { parameters: event.parameters })
    return { allowProvisioning }
  } finally {
    await audit.flush()
  }
})
