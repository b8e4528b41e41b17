import { Duration, Stack } from 'aws-cdk-lib'
import {
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  TextWidget,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Deployment, TradeName } from '../deployment.ts'
import type { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'
import type { Tables } from './tables.ts'
import type { TelemetryStream } from './telemetry-stream.ts'

/** us-east-1 list prices that the cost graph is made of; a test holds them equal to src/core/cost/prices.ts. */
export const dashboardPrices = {
  lambdaGibSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  kinesisGbIn: 0.08,
  kinesisGbFanOut: 0.05,
  writeUnit: 0.625 / 1e6,
} as const

export interface TradeDashboardProps {
  trade: TradeName
  telemetry: TelemetryStream
  fn: NodeFunction
  tables: Tables
  deployment: Pick<Deployment, 'dollarsPerDay' | 'target'>
  ops: Operations
}

/** One page of graphs a trade: throughput, iterator age, errors, alarm latency, cost; and an alarm on each. */
export class TradeDashboard extends Construct {
  constructor(scope: Construct, id: string, props: TradeDashboardProps) {
    super(scope, id)
    const { trade, telemetry, fn, ops, deployment } = props
    const records = telemetry.metric('IncomingRecords', 'sum')
    const age = fn.lambda.metric('IteratorAge', { period: MINUTE, statistic: 'max' })
    const errors = fn.lambda.metricErrors({ period: MINUTE, statistic: 'sum' })
    const latency = pipelineMetric('AlarmLatency', trade, 'p99')
    const cost = costPerDay(props)
    const graph = (title: string, ...left: IMetric[]) =>
      new GraphWidget({ title, left, width: 12, height: 6, liveData: true })

    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) })
    dashboard.addWidgets(
      new TextWidget({ markdown: `# Telltale ${trade}`, width: 24, height: 1 }),
      graph('Records a minute', records, pipelineMetric('Readings', trade, 'sum')),
      graph('Age of the oldest record, ms', age),
      graph(
        'Errors',
        errors,
        fn.lambda.metricThrottles({ period: MINUTE, statistic: 'sum' }),
        pipelineMetric('Quarantined', trade, 'sum'),
      ),
      graph('Alarm latency, receipt to notifier, ms', pipelineMetric('AlarmLatency', trade, 'p50'), latency),
      graph('Estimated dollars a day (stream, function, state writes)', cost),
    )

    raiseAlarm(this, 'Silent', ops, {
      metric: records,
      description: `no ${trade} device has sent anything for half an hour: broker, rule or network`,
      threshold: 1,
      below: true,
      minutes: 30,
      missing: TreatMissingData.BREACHING,
    })
    raiseAlarm(this, 'AlarmsLate', ops, {
      metric: latency,
      description: `${trade} alarms reach people later than the half second that is promised`,
      threshold: 500,
      minutes: 5,
    })
    // An emulator's alarms know no math; lib/emulator.ts lists the difference.
    if (deployment.target === 'aws')
      raiseAlarm(this, 'Costly', ops, {
        metric: cost,
        description: `${trade} spends more than ${deployment.dollarsPerDay} dollars a day (dollarsPerDay in the deployment)`,
        threshold: deployment.dollarsPerDay,
        minutes: 3,
      })
  }
}

/** What a pipeline function reports about itself in its log (embedded metric format). */
const pipelineMetric = (metricName: string, trade: TradeName, statistic: string) =>
  new Metric({
    namespace: 'Telltale',
    metricName,
    dimensionsMap: { service: trade },
    period: MINUTE,
    statistic,
  })

/** CloudWatch's math knows no exponents. */
const plain = (dollars: number): string => dollars.toFixed(15)

function costPerDay({ telemetry, fn, tables, trade }: TradeDashboardProps): MathExpression {
  const hour = Duration.hours(1)
  const hourly = (metric: Metric) => metric.with({ period: hour, statistic: 'sum' })
  const p = dashboardPrices
  return new MathExpression({
    label: `${trade}, dollars a day`,
    period: hour,
    expression: `24 * (bytes * ${plain((p.kinesisGbIn + p.kinesisGbFanOut) / 1e9)} + ms * ${plain(p.lambdaGibSecond / 1000)} + calls * ${plain(p.lambdaRequest)} + writes * ${plain(p.writeUnit)})`,
    usingMetrics: {
      bytes: hourly(telemetry.metric('IncomingBytes', 'sum')),
      ms: hourly(fn.lambda.metricDuration()),
      calls: hourly(fn.lambda.metricInvocations()),
      writes: hourly(
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName: 'ConsumedWriteCapacityUnits',
          dimensionsMap: { TableName: tables.of.State.tableName },
          region: Stack.of(fn).region,
        }),
      ),
    },
  })
}
