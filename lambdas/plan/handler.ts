import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { hotQueryReader } from '../../src/adapters/aws/hot/hot-query.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { httpWeather } from '../../src/adapters/portable/http-weather.ts'
import { machineWatch } from '../../src/pipeline/machine-watch.ts'
import { windowHours } from '../../src/pipeline/window-hours.ts'
import type { Weather } from '../../src/ports/weather.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { iotSetPoints } from '../middleware/shadow-set-points.ts'
import { parseEnv } from './env.ts'
import { planSite } from './plan-site.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const clock = systemClock()
const configuration = currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock)
const facts = dynamoFacts(dynamo, env.FACTS_TABLE)
const reader = { ...hotQueryReader(new LambdaClient(), env.HOTQUERY_FUNCTION), facts: facts.facts }
const setPoints = iotSetPoints(new IoTDataPlaneClient(), clock)
const noWeather: Weather = { forecast: async () => ({ source: 'none', stale: false, hours: [] }) }
const weather = env.WEATHER_URL === '' ? noWeather : httpWeather({ url: env.WEATHER_URL, clock, fallback: noWeather }) // prettier-ignore

/** Plans the building that the API names. */
export const handler = observed(() => async ({ site }: { site: string }): Promise<void> => {
  const current = await configuration()
  await planSite(
    {
      sources: {
        reader,
        alarms: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
        configuration: current,
        orders: dynamoWorkOrders(dynamo, env.WORK_ORDERS_TABLE),
        weather,
        models: { score: async () => null },
        machines: machineWatch({ ...reader, hours: windowHours(reader) }),
      },
      facts,
      setPoints,
      clock,
    },
    site,
  )
})
