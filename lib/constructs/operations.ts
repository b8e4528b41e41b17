import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'

/** What every construct needs to run what it wires: who hears of trouble, and how long things are kept. */
export interface Operations {
  topic: ITopic
  logDays: number
  removalPolicy: RemovalPolicy
}

export interface AlarmProps {
  metric: IMetric
  /** What it means and what to do: people read this at night. */
  description: string
  threshold: number
  minutes?: number
  below?: boolean
  /** Whether silence is trouble, too. */
  missing?: TreatMissingData
}

/** An alarm that tells the operations topic when it starts and when it ends. */
export function raiseAlarm(scope: Construct, id: string, ops: Operations, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, id, {
    metric: props.metric,
    alarmDescription: props.description,
    threshold: props.threshold,
    comparisonOperator: props.below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: props.minutes ?? 1,
    treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
  })
  const action = new SnsAction(ops.topic)
  alarm.addAlarmAction(action)
  alarm.addOkAction(action)
  return alarm
}

export const MINUTE = Duration.minutes(1)
