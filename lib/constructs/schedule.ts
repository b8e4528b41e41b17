import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda'
import { Duration, Stack, Validations } from 'aws-cdk-lib'
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'
import { raiseAlarm, type Operations } from './operations.ts'

export interface ScheduleProps {
  fn: NodeFunction
  /** EventBridge Scheduler expressions by name; the name is the job that the function is asked to do. */
  jobs: Readonly<Record<string, string>>
  /** After this a run that could not start is left to the next one. */
  staleAfter: Duration
  ops: Operations
}

/** Invokes a function by the clock with `{"job": <name>, "scheduledAt": <ISO time>}`. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id)
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [props.fn.lambda.functionArn],
      }),
    )
    // AWS: an asynchronous run that fails or is throttled waits in Lambda's own queue, six hours unless told otherwise.
    const runs = new CfnEventInvokeConfig(this, 'Runs', {
      functionName: props.fn.lambda.functionName,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: props.staleAfter.toSeconds(),
      maximumRetryAttempts: 1,
    })
    Validations.of(runs).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason:
        'a run carries no data: the next one does what a failed one left, and the function’s alarm says that it failed',
    })
    this.watch(props)
    for (const [job, scheduleExpression] of Object.entries(props.jobs)) {
      new CfnSchedule(this, job[0]!.toUpperCase() + job.slice(1), {
        scheduleExpression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: props.fn.lambda.functionArn,
          roleArn: role.roleArn,
          // The scheduler's own time, so that a job is idempotent by (job, minute) even when it is sent twice.
          input: JSON.stringify({ job, scheduledAt: '<aws.scheduler.scheduled-time>' }),
          retryPolicy: {
            maximumEventAgeInSeconds: props.staleAfter.toSeconds(),
            maximumRetryAttempts: 2,
          },
        },
      })
    }
  }

  /** What runs by the clock has nobody who waits for it: that it stopped, or fails each time, must be said. */
  private watch({ fn, jobs, ops }: ScheduleProps): void {
    const often = Object.values(jobs).includes('rate(1 minute)')
    const period = often ? Duration.minutes(5) : Duration.hours(1)
    raiseAlarm(this, 'Idle', ops, {
      metric: fn.lambda.metricInvocations({ period, statistic: 'sum' }),
      description: `${Object.keys(jobs).join()} did not run for ${period.toHumanString()}: look at its schedule, and at the function’s throttles`,
      threshold: 1,
      below: true,
      missing: TreatMissingData.BREACHING,
    })
    raiseAlarm(this, 'Failing', ops, {
      metric: fn.lambda.metricErrors({ period, statistic: 'sum' }),
      description: `${Object.keys(jobs).join()} failed within ${period.toHumanString()}: the function’s log group says why; the next run makes up for it`,
      threshold: often ? 3 : 1,
    })
  }
}
