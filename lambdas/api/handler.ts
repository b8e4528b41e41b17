import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { AthenaClient } from '@aws-sdk/client-athena'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { hotQueryReader } from '../../src/adapters/aws/hot/hot-query.ts'
import { iotCredentials, iotEndpoint } from '../../src/adapters/aws/iot/iot-credentials.ts'
import { iotThings } from '../../src/adapters/aws/iot/iot-things.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { observed } from '../middleware/observed.ts'
import { machineWatch } from '../../src/pipeline/machine-watch.ts'
import { askFunction } from './ask-function.ts'
import { apiHandler } from './api-handler.ts'
import { parseEnv } from './env.ts'
import { remoteDesk } from './remote-desk.ts'
import { awsStores } from './stores.ts'
import { awsTrades } from './trades.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const iot = new IoTClient()
const data = new IoTDataPlaneClient()
const s3 = new S3Client()
const lambda = new LambdaClient()
const clock = systemClock()

/** The REST API behind API Gateway. */
export const handler = observed(({ logger }) => {
  const facts = dynamoFacts(dynamo, env.FACTS_TABLE)
  const hot = { ...hotQueryReader(lambda, env.HOTQUERY_FUNCTION), facts: facts.facts }
  const { hours, ...stores } = awsStores({ env, hot, dynamo, athena: new AthenaClient(), s3, lambda, clock })
  const machines = machineWatch({ ...stores.telemetry, hours })
  const ready = once(async () =>
    apiHandler({
      env,
      dynamo,
      kinesis: new KinesisClient(),
      data,
      cognito: new CognitoIdentityProviderClient(),
      clock,
      ...stores,
      trades: awsTrades({ env, dynamo, s3, data, lambda, facts, machines, clock }),
      audit: dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock),
      things: iotThings(iot, data),
      credentials: iotCredentials({ iot, data, policy: env.DEVICE_POLICY, endpoint: await iotEndpoint(iot) }),
      desk: remoteDesk(lambda, env.DESK_FUNCTION),
      bulk: async (event) =>
        (await askFunction(lambda, env.BULK_FUNCTION, event, event.path)) as APIGatewayProxyResult,
      onError: (error) => logger.error('a request failed', error as Error),
    }),
  )
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => (await ready())(event)
})

/** The value of the first call that succeeds. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return async () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}
