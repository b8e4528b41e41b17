import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { admits, type HookEvent } from './admits.ts'

const { REGISTRY_TABLE } = parseEnv(process.env)
const dynamo = new DynamoDBClient()

/** Fleet provisioning's question before a claim becomes a certificate: is this device expected? */
export const handler = observed(({ logger }) => async (event: HookEvent) => {
  const allowProvisioning = await admits(dynamo, REGISTRY_TABLE, event)
  if (!allowProvisioning) logger.warn('refused a claim', { parameters: event.parameters })
  return { allowProvisioning }
})
