import { afterAll } from 'vitest'
import { dynamoCommandBook } from '../../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import { dynamoGroups } from '../../../src/adapters/aws/dynamo/dynamo-groups.ts'
import { dynamoProvisioningStore } from '../../../src/adapters/aws/dynamo/dynamo-provisioning-store.ts'
import { iotJobStore } from '../../../src/adapters/aws/iot/iot-job-store.ts'
import { iotShadowDesk } from '../../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { awsExchanges, contractDynamo } from '../../aws/exchanges.ts'
import { makeThings, reportJob } from '../../aws/iot-under-test.ts'
import { commandBookContract } from '../../contracts/command-book.ts'
import { groupsContract } from '../../contracts/groups.ts'
import { jobStoreContract } from '../../contracts/job-store.ts'
import { provisioningStoreContract } from '../../contracts/provisioning-store.ts'
import { shadowDeskContract } from '../../contracts/shadow-desk.ts'

groupsContract('DynamoDB', async () => {
  const { dynamo, table } = await contractDynamo()
  return dynamoGroups(dynamo, table('Groups'))
})

commandBookContract('DynamoDB', async () => {
  const { dynamo, table } = await contractDynamo()
  return dynamoCommandBook(dynamo, table('Commands'))
})

provisioningStoreContract('DynamoDB', async () => {
  const { dynamo, table } = await contractDynamo()
  return dynamoProvisioningStore(dynamo, table('Provisioning'))
})

const jobs = awsExchanges('jobs')
jobStoreContract('AWS IoT Jobs', async (things) => {
  await makeThings(jobs, things)
  const { dynamo, table } = await contractDynamo()
  return {
    store: iotJobStore({ dynamo, table: table('Jobs'), iot: jobs.client('iot'), joinsARelease: 4000 }),
    report: async (thing, job, status) => reportJob(jobs, thing, job, status),
  }
})

const shadows = awsExchanges('shadows')
shadowDeskContract('AWS IoT', async (things) => {
  await makeThings(shadows, things)
  return iotShadowDesk(shadows.client('data'))
})

afterAll(() => {
  jobs.close()
  shadows.close()
})
