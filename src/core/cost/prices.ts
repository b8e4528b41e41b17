/** One list price: dollars for one unit. */
export interface Price {
  dollars: number
  unit: string
  /** Where the number is from; `harvest` is a second-hand copy of AWS's page, `recalled` was not looked up again. */
  source: string
}

/** AWS list prices in us-east-1, without free tiers, volume tiers beyond the first, taxes or savings plans. */
export const prices = {
  date: '2026-11-22',
  region: 'us-east-1',
  items: {
    iotConnectionMinute: {
      dollars: 0.08 / 1e6,
      unit: 'connection minute',
      source: 'harvest 2026-09 of the IoT Core price page',
    },
    iotRule: {
      dollars: 0.15 / 1e6,
      unit: 'rule run, per 5 KB',
      source: 'recalled, confirmed by harvest 2026-09',
    },
    iotAction: {
      dollars: 0.15 / 1e6,
      unit: 'action, per 5 KB',
      source: 'recalled, confirmed by harvest 2026-09',
    },
    kinesisStreamHour: {
      dollars: 0.04,
      unit: 'on-demand stream hour',
      source: 'infracost price file 2026-08',
    },
    kinesisGbIn: {
      dollars: 0.08,
      unit: 'GB in, on demand, records rounded up to 1 KB',
      source: 'infracost price file 2026-08',
    },
    kinesisGbOut: { dollars: 0.04, unit: 'GB out, on demand', source: 'infracost price file 2026-08' },
    kinesisGbFanOut: {
      dollars: 0.05,
      unit: 'GB out by enhanced fan-out, on demand',
      source: 'infracost price file 2026-08',
    },
    kinesisShardHour: { dollars: 0.015, unit: 'shard hour', source: 'infracost price file 2026-08' },
    kinesisPutUnit: {
      dollars: 0.014 / 1e6,
      unit: 'put unit of 25 KB',
      source: 'infracost price file 2026-08',
    },
    kinesisConsumerShardHour: {
      dollars: 0.015,
      unit: 'fan-out consumer shard hour',
      source: 'infracost price file 2026-08',
    },
    kinesisShardGbFanOut: {
      dollars: 0.013,
      unit: 'GB out by enhanced fan-out, provisioned',
      source: 'infracost price file 2026-08',
    },
    lambdaRequest: { dollars: 0.2 / 1e6, unit: 'invocation', source: 'infracost price file 2026-08' },
    lambdaGibSecond: {
      dollars: 0.0000133334,
      unit: 'GiB second, arm64',
      source: 'infracost price file 2026-08',
    },
    dynamoWriteUnit: {
      dollars: 0.625 / 1e6,
      unit: 'write unit of 1 KB',
      source: 'infracost price file 2026-08',
    },
    dynamoReadUnit: {
      dollars: 0.125 / 1e6,
      unit: 'read unit of 4 KB, strongly consistent',
      source: 'infracost price file 2026-08',
    },
    dynamoWriteUnitHour: {
      dollars: 0.00065,
      unit: 'provisioned write unit, hour',
      source: 'infracost golden file 01c59b1: 20 units $9.49 in 730 hours',
    },
    dynamoReadUnitHour: {
      dollars: 0.00013,
      unit: 'provisioned read unit, hour',
      source: 'infracost golden file 01c59b1: 30 units $2.85 in 730 hours',
    },
    dynamoGbMonth: { dollars: 0.25, unit: 'GB month', source: 'infracost price file 2026-08' },
    s3StandardGbMonth: { dollars: 0.023, unit: 'GB month', source: 'infracost price file 2026-08' },
    s3InfrequentGbMonth: { dollars: 0.0125, unit: 'GB month', source: 'infracost price file 2026-08' },
    s3GlacierInstantGbMonth: { dollars: 0.004, unit: 'GB month', source: 'recalled' },
    s3DeepArchiveGbMonth: { dollars: 0.00099, unit: 'GB month', source: 'infracost price file 2026-08' },
    s3Put: { dollars: 0.005 / 1e3, unit: 'put request', source: 'infracost price file 2026-08' },
    logsGb: { dollars: 0.5, unit: 'GB of logs', source: 'infracost price file 2026-08' },
    alarmMonth: { dollars: 0.1, unit: 'alarm month', source: 'recalled' },
    dashboardMonth: { dollars: 3, unit: 'dashboard month', source: 'recalled' },
    webAclMonth: { dollars: 9, unit: 'web ACL with four rules, month', source: 'recalled' },
    endpointZoneHour: { dollars: 0.01, unit: 'interface endpoint, zone hour', source: 'price page copy' },
    secretMonth: { dollars: 0.4, unit: 'secret month', source: 'price page copy' },
    influxMediumHour: {
      dollars: 0.13,
      unit: 'db.influx.medium hour',
      source: 'derived from “about $95 a month”, AWS skill 2026-08; larger sizes double',
    },
    influxStorageGbMonth: { dollars: 0.1, unit: 'GB month', source: 'recalled' },
  },
} as const satisfies { date: string; region: string; items: Record<string, Price> }

export type PriceName = keyof typeof prices.items
