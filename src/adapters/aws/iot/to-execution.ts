import type { JobExecutionSummaryForJob } from '@aws-sdk/client-iot'
import type { JobExecution } from '../../../core/device/job-execution.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'

/** AWS gives a list without what the devices said and without versions. */
export function toExecution(
  job: string,
  { thingArn, jobExecutionSummary }: JobExecutionSummaryForJob,
): JobExecution {
  // prettier-ignore
  const { status, queuedAt, startedAt, lastUpdatedAt, executionNumber } = jobExecutionSummary ?? {}
  const at = (date: Date | undefined): EpochMs => date?.getTime() ?? 0
  return {
    job,
    thing: thingArn?.split(':thing/', 2)[1] ?? '',
    status: status ?? 'QUEUED',
    statusDetails: {},
    queuedAt: at(queuedAt),
    startedAt: startedAt ? startedAt.getTime() : null,
    lastUpdatedAt: at(lastUpdatedAt),
    versionNumber: 0,
    executionNumber: executionNumber ?? 1,
    timesOutAt: null,
  }
}
