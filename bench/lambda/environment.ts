import { erasedTables } from '../../src/adapters/aws/dynamo/erase-items.ts'

/** Every variable that any handler asks for. */
export const env: Record<string, string> = Object.fromEntries(
  ['State', 'Births', 'Config', 'Registry', 'Alarm', 'Quarantine', 'Presence', 'Manifest', 'Progress', 'Audit', 'Marks', 'Facts', 'Work_Orders', 'Groups', 'Commands', 'Jobs', 'Retirements', 'Tokens', 'Provisioning'].map((t) => [`${t.toUpperCase()}_TABLE`, t]),
) // prettier-ignore
Object.assign(env, {
  QUARANTINE_DAYS: '90', OUTPUT_STREAM: 'output', ALERT_TOPIC: 'arn:alerts', TRADE_STREAMS: 'plant=p,fleet=f,building=b', LAKE_BUCKET: 'lake',
  HOTQUERY_FUNCTION: 'hotquery', ATHENA_WORKGROUP: 'w', GLUE_DATABASE: 'g', DEVICE_POLICY: 'policy', FAILURES_BUCKET: 'failures', STREAM: 's',
  HOT_STORE: 'influxdb', INFLUX_URL: 'http://influx.invalid', INFLUX_ORG: 'o', INFLUX_BUCKET: 'b', INFLUX_TOKEN_SECRET: 'arn:token', TIMESTREAM_DATABASE: '',
  TIMESTREAM_READINGS_TABLE: '', TIMESTREAM_WINDOWS_TABLE: '', MIN_SHARDS: '1', MAX_SHARDS: '8', OUTPUT_MIN_SHARDS: '1', OUTPUT_MAX_SHARDS: '8', STREAMS: 'output=output', CONSUMER: 'pipeline', HOT_DAYS: '30', WARM_DAYS: '365', COLD_DAYS: '1826',
  WEATHER_URL: '', PRESENCE_QUEUE: 'https://queue', TARGET_LATENCY_MS: '500', PARALLELIZATION: '1',
  RETENTION_DAYS: '30', ADMIN_SECRET: 'a', TOKEN_SECRET: 't', PAGE_BUCKET: 'p', AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x',
  POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_METRICS_NAMESPACE: 'Telltale', POWERTOOLS_SERVICE_NAME: 'bench', POWERTOOLS_LOG_LEVEL: 'SILENT',
  PLAN_FUNCTION: 'plan', DESK_FUNCTION: 'desk', ERASE_FUNCTION: 'erase', BULK_FUNCTION: 'bulk', PROVISIONING_ROLE: 'role', PROVISIONING_HOOK: 'hook', REPORT_ZONE: 'UTC', ERASURES_TABLE: 'Erasures', TABLES: erasedTables.map((name) => `${name}=${name}`).join(','), HOT_ERASE_FUNCTION: 'hot-erase', USER_POOL: 'eu-central-1_x', PUBLISH_QUEUE: 'https://publish', PAGE_URL: 'https://page', PATHS: '/', MODEL_ENDPOINT: '',
}) // prettier-ignore
