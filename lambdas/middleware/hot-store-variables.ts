import type { Spec } from './variables.ts'

/** How a function reaches the hot store; what belongs to the other kind of store is empty. */
export const hotStoreVariables = {
  HOT_STORE: ['influxdb', 'liveanalytics'],
  INFLUX_URL: 'optional',
  INFLUX_ORG: 'optional',
  INFLUX_BUCKET: 'optional',
  /** ARN of the secret that holds `{"token": …}`. */
  INFLUX_TOKEN_SECRET: 'optional',
  TIMESTREAM_DATABASE: 'optional',
  TIMESTREAM_READINGS_TABLE: 'optional',
  TIMESTREAM_WINDOWS_TABLE: 'optional',
} as const satisfies Spec
