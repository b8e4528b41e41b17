import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query'
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import type { HotStore } from '../../src/adapters/aws/hot/hot-store.ts'
import { influxHttp } from '../../src/adapters/aws/influx/influx-http.ts'
import { influxStore } from '../../src/adapters/aws/influx/influx-store.ts'
import { timestreamStore } from '../../src/adapters/aws/timestream/timestream-store.ts'
import type { hotStoreVariables } from './hot-store-variables.ts'
import type { Parsed } from './variables.ts'

/** The hot store that this deployment has. */
export function hotStoreOf(env: Parsed<typeof hotStoreVariables>): HotStore {
  if (env.HOT_STORE === 'liveanalytics')
    return timestreamStore({
      write: new TimestreamWriteClient(),
      query: new TimestreamQueryClient(),
      database: env.TIMESTREAM_DATABASE,
      readingsTable: env.TIMESTREAM_READINGS_TABLE,
      windowsTable: env.TIMESTREAM_WINDOWS_TABLE,
    })
  const secrets = new SecretsManagerClient()
  return influxStore(
    influxHttp({
      url: env.INFLUX_URL,
      bucket: env.INFLUX_BUCKET,
      fetch,
      readToken: async () => {
        const { SecretString = '{}' } = await secrets.send(
          new GetSecretValueCommand({ SecretId: env.INFLUX_TOKEN_SECRET }),
        )
        return (JSON.parse(SecretString) as { token?: string }).token ?? ''
      },
    }),
  )
}
