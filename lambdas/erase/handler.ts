import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { dynamoErasureWork } from '../../src/adapters/aws/dynamo/dynamo-erasure-work.ts'
import { eraseItems, erasedTables, type ErasedTable } from '../../src/adapters/aws/dynamo/erase-items.ts'
import { iotShadowDesk } from '../../src/adapters/aws/iot/iot-shadow-desk.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { enqueue } from '../compact/enqueue.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { runErasure } from './run-erasure.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const s3 = new S3Client()
const sqs = new SQSClient()
const lambda = new LambdaClient()
const clock = systemClock()
const tables = Object.fromEntries(
  erasedTables.map((name) => [name, env.TABLES.get(name) ?? missing(name)]),
) as Record<ErasedTable, string>
const erasures = dynamoErasureWork(dynamo, env.ERASURES_TABLE)
/** What one file takes at most, and asking for all places. */
const STEP_TAKES_MS = 120_000

/** Goes on with every erasure that is not done: when one is asked for, and every five minutes. */
export const handler = observed(({ logger }) => async (_event: unknown, context): Promise<void> => {
  const outOfTime = (): boolean => context.getRemainingTimeInMillis() < STEP_TAKES_MS
  for (const erasure of await erasures.open()) {
    if (outOfTime()) return
    const { thing: _, ...done } = await runErasure(erasure, {
      erasures,
      eraseItems: async (thing, last) => eraseItems(dynamo, tables, thing, { last }),
      shadows: iotShadowDesk(new IoTDataPlaneClient()),
      eraseHot,
      hotDays: env.HOT_DAYS,
      lake: lakeFiles(s3, env.LAKE_BUCKET),
      failures: lakeFiles(s3, env.FAILURES_BUCKET),
      outputStream: env.OUTPUT_STREAM,
      ask: async (places, thing, run) => enqueue(sqs, env.PUBLISH_QUEUE, places, `erase${erasure.id.slice(0, 8)}${run}`, { erase: thing }), // prettier-ignore
      now: clock.now,
      outOfTime,
    })
    logger.info('erasing', { ...done })
  }
})

async function eraseHot(thing: string): Promise<boolean> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: env.HOT_ERASE_FUNCTION, Payload: JSON.stringify({ thing }) }),
  )
  const answer = Buffer.from(Payload ?? []).toString()
  if (FunctionError !== undefined) throw new Error(`the hot store could not erase: ${answer.slice(0, 300)}`)
  return (JSON.parse(answer) as { erased: boolean }).erased
}

function missing(name: string): never {
  throw new Error(`environment of the function: TABLES has no ${name}`)
}
