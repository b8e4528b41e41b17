import { randomUUID } from 'node:crypto'
import { AthenaClient } from '@aws-sdk/client-athena'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoDeviceReader } from '../../src/adapters/aws/dynamo/dynamo-device-reader.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { hotQueryReader } from '../../src/adapters/aws/hot/hot-query.ts'
import { rawStream } from '../../src/adapters/aws/kinesis/raw-stream.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { s3ReportStore } from '../../src/adapters/aws/lake/s3-report-store.ts'
import { dynamoTokens } from '../../src/adapters/aws/people/dynamo-tokens.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { trades } from '../../src/core/telemetry/reading.ts'
import { querySeries } from '../../src/pipeline/history/query.ts'
import { seriesJson } from '../../src/pipeline/history/series-json.ts'
import { chartSeries } from '../../src/pipeline/reports/chart-series.ts'
import { makeDueReports } from '../../src/pipeline/reports/make-report.ts'
import { reportDesk } from '../../src/pipeline/reports/report-desk.ts'
import { enqueue } from '../compact/enqueue.ts'
import { historyStores } from '../middleware/history-stores.ts'
import { observed } from '../middleware/observed.ts'
import { bulkHandler } from './bulk-handler.ts'
import { parseEnv } from './env.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const kinesis = new KinesisClient()
const s3 = new S3Client()
const sqs = new SQSClient()
const clock = systemClock()

/** Answers for the API what is a file or takes long; and by the clock makes last week’s reports once it is over. */
export const handler = observed(({ logger }) => {
  const hot = hotQueryReader(new LambdaClient(), env.HOTQUERY_FUNCTION)
  const { stores, manifest } = historyStores({ env, hot, dynamo, athena: new AthenaClient(), s3, clock })
  const files = lakeFiles(s3, env.LAKE_BUCKET)
  const devices = dynamoDeviceReader({ dynamo, table: env.REGISTRY_TABLE, config: dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock) }) // prettier-ignore
  const sources = {
    devices,
    telemetry: dynamoFacts(dynamo, env.FACTS_TABLE),
    alarms: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
    orders: dynamoWorkOrders(dynamo, env.WORK_ORDERS_TABLE),
    series: chartSeries(async (question) => seriesJson(await querySeries(question, stores))),
  }
  const store = s3ReportStore(files)
  const answer = bulkHandler({
    audit: dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock),
    clock,
    devices,
    stores,
    manifest,
    files,
    reports: reportDesk(sources, store, clock, env.REPORT_ZONE),
    trades: trades.filter((trade) => env.TRADE_STREAMS.has(trade)),
    put: async (trade, messages) => rawStream(kinesis, env.TRADE_STREAMS.get(trade)!)(messages),
    rebuild: async (places) =>
      enqueue(sqs, env.PUBLISH_QUEUE, places, `rebuild${clock.now()}`, { rebuild: true }),
    days: { hot: env.HOT_DAYS, warm: env.WARM_DAYS, cold: env.COLD_DAYS },
    authenticate: dynamoTokens(dynamo, env.TOKENS_TABLE, clock).authenticate,
    onError: (error) => logger.error('a request failed', error as Error),
  })
  return async (event: APIGatewayProxyEvent | { job: string }): Promise<APIGatewayProxyResult | string[]> =>
    'job' in event ? makeDueReports(sources, store, clock.now(), env.REPORT_ZONE) : answer(event)
})
