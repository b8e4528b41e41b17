import { IoTClient } from '@aws-sdk/client-iot'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import { examineAws, type AwsClients, type Finding } from './doctor-aws.ts'
import type { AccountOptions } from './support/account-options.ts'

/** `telltale doctor --aws`: whether this account is ready for a deploy, and what to do where it is not. */
export async function examineAccount(
  options: AccountOptions,
  write: (text: string) => void = (text) => process.stdout.write(text),
  clients: () => AwsClients = awsClients,
): Promise<boolean> {
  const messagesPerSecond = options.readingsPerMinute / 60 / options.readingsPerMessage
  const findings = await examineAws(clients(), {
    hotStore: options.hotStore,
    streams: options.streams,
    trades: options.trades,
    messagesPerSecond: messagesPerSecond * options.trades,
    concurrency: 20 * options.trades,
  })
  const ready = findings.every((finding) => finding.status !== 'fail')
  write(options.json === true ? `${JSON.stringify({ ready, findings })}\n` : page(findings, ready))
  return ready
}

const mark = { ok: 'ok  ', fail: 'FAIL', unknown: '?   ' } as const

function page(findings: readonly Finding[], ready: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, status, found, remedy }) => [
    `${mark[status]} ${check.padEnd(width)}  ${found}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 7)}→ ${remedy}`]),
  ])
  return `${lines.join('\n')}\n${ready ? 'ready to deploy' : 'not ready: do what the arrows say, then ask again'}\n`
}

/** Short waits: a doctor that hangs without a network helps nobody. */
function awsClients(): AwsClients {
  const config = { maxAttempts: 2 }
  const sts = new STSClient(config)
  return {
    sts,
    ssm: new SSMClient(config),
    iot: new IoTClient(config),
    kinesis: new KinesisClient(config),
    lambda: new LambdaClient(config),
    timestream: new TimestreamWriteClient(config),
    quotas: new ServiceQuotasClient(config),
    region: () => sts.config.region(),
  }
}
