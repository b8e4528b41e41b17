import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { S3Client } from '@aws-sdk/client-s3'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoProvisioningStore } from '../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { sweepRetirements } from '../../src/adapters/aws/iot/iot-credential-desk.ts'
import { iotProvisioning } from '../../src/adapters/aws/iot/iot-provisioning.ts'
import { iotCertificates } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { PRESENCE_SNAPSHOT } from '../middleware/presence-snapshot.ts'
import { answerDesk, type Asked } from './ask.ts'
import { parseEnv } from './env.ts'
import { deskJobs } from './jobs.ts'
import { standingOf } from './standing.ts'
import { deskStatus } from './status.ts'
import { sweepAll } from './sweep-all.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const iot = new IoTClient()
const clock = systemClock()
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const audit = dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock)
const standing = standingOf({
  load: async () => files.find(PRESENCE_SNAPSHOT),
  configuration: currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock),
  clock,
})
const { status, nearest } = deskStatus({
  dynamo,
  stateTable: env.STATE_TABLE,
  presenceTable: env.PRESENCE_TABLE,
  standing,
  clock,
})
const rollOuts = {
  dynamo,
  iot,
  jobsTable: env.JOBS_TABLE,
  alarmTable: env.ALARM_TABLE,
  standing,
  audit,
  clock,
}
/** Whoever makes a job waits for its answer, API Gateway at most 29 s; the sweep has its minutes. */
const jobs = deskJobs({ ...rollOuts, joinsARelease: 1000 })
const { sweep } = deskJobs({ ...rollOuts, joinsARelease: 4000 })
const credentials = iotCertificates({ iot, data: new IoTDataPlaneClient() })
const provisioning = iotProvisioning({
  iot,
  store: dynamoProvisioningStore(dynamo, env.PROVISIONING_TABLE),
  devicePolicy: env.DEVICE_POLICY,
  roleArn: env.PROVISIONING_ROLE,
  hookArn: env.PROVISIONING_HOOK,
})
const retirements = { dynamo, table: env.RETIREMENTS_TABLE, credentials, clock, audit }

/** What the API asks of devices as a whole; and every minute what is due with roll-outs and certificates. */
export const handler = observed(() => async (event: Asked | { job: string }): Promise<unknown> => {
  try {
    if (!('job' in event)) return await answerDesk({ status, nearest, jobs, provisioning }, event)
    await sweepAll({ jobs: sweep, certificates: async () => sweepRetirements(retirements) })
    return null
  } finally {
    await audit.flush()
  }
})
