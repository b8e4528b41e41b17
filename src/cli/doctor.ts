import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readEndpoint } from '../../local/endpoint-file.ts'
import type { Condition } from '../api/ports.ts'
import { exitCodes } from './exit-codes.ts'
import { withAccountOptions, type AccountOptions } from './support/account-options.ts'
import { apiClient } from './support/api-client.ts'
import { trustBox } from './support/trust-box.ts'
import { examineDirectory, examinePorts, type Finding } from './support/examine-box.ts'
import { defaultDataDir } from './support/options.ts'
import { present } from './support/output.ts'

interface DoctorOptions extends AccountOptions {
  data: string
  aws?: boolean
}

export function doctor(program: Command): void {
  withAccountOptions(
    program
      .command('doctor')
      .description('what is wrong with the box on this machine, or with an AWS account, and what to do')
      .option('--data <dir>', 'data directory of the box', defaultDataDir())
      .option('--json', 'print one JSON document'),
  ).action(run)
}

async function run(options: DoctorOptions): Promise<void> {
  if (options.aws === true) {
    const { examineAccount } = await import('./doctor-account.ts')
    if (!(await examineAccount(options))) process.exitCode = exitCodes.failed.code
    return
  }
  const dir = resolve(options.data)
  const findings = [...examineDirectory(dir, Date.now()), ...(await examineRunning(dir))]
  const healthy = findings.every(({ status }) => status === 'ok')
  present(options.json, { healthy, findings }, () => page(findings, healthy))
  if (!healthy) process.exitCode = exitCodes.degraded.code
}

async function examineRunning(dir: string): Promise<Finding[]> {
  const endpoint = readEndpoint(dir)
  if (!endpoint) {
    const { mqttPort, httpPort, httpsPort, host } = (await import('../../local/box.ts')).boxDefaults
    const down: Finding = { check: 'box', status: 'ok', found: 'not running', remedy: null }
    return [down, ...(await examinePorts([mqttPort, httpPort, httpsPort], host))]
  }
  try {
    const { url, token } = endpoint
    if (url.startsWith('https:')) trustBox(dir)
    const health = await apiClient(url, token).get<{ version: string; conditions: Condition[] }>('/v1/health')
    const up: Finding = { check: 'box', status: 'ok', found: `up at ${url}, version ${health.version}`, remedy: null } // prettier-ignore
    return [up, ...health.conditions.map(({ code, text }): Finding => ({ check: code, status: 'warn', found: text, remedy: null }))] // prettier-ignore
  } catch (error) {
    return [{ check: 'box', status: 'fail', found: (error as Error).message, remedy: `start it again: telltale up --data ${dir}` }] // prettier-ignore
  }
}

const mark = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const

function page(findings: readonly Finding[], healthy: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, status, found, remedy }) => [
    `${mark[status]} ${check.padEnd(width)}  ${found}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 7)}→ ${remedy}`]),
  ])
  return `${lines.join('\n')}\n${healthy ? 'all well' : 'see what the arrows say'}`
}
