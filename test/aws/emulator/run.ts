import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { journey, type Outputs } from './journey.ts'

/**
 * `npm run test:aws`: deploys the stacks with the real CDK command line into an emulator and follows one reading through
 * them. With AWS_ENDPOINT_URL set, any LocalStack-compatible endpoint; without it, MiniStack, pinned, in a virtual
 * environment and a network of its own, because it listens on all interfaces.
 */
const PACKAGES = ['ministack==1.5.33', 'cryptography>=41', 'h2>=4.3', 'cbor2>=5.4', 'duckdb>=0.10']
const root = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(root, '.cache')
const venv = join(cache, 'ministack')
const INSIDE = 'TELLTALE_EMULATOR_INSIDE'
const READY_MS = 60_000

async function main(): Promise<void> {
  if (process.env['AWS_ENDPOINT_URL'] !== undefined || process.env[INSIDE] !== undefined) return inside()
  needs('python3', ['--version'], 'Python 3 runs the emulator')
  needs('unshare', ['--version'], 'unshare (util-linux) gives the emulator a network of its own')
  needs('influxd', ['version'], 'influxd (package influxdb) is the hot store')
  if (!existsSync(join(venv, 'installed'))) install()
  const asRoot = process.getuid?.() === 0
  const self = fileURLToPath(import.meta.url)
  const { status } = spawnSync(
    'unshare',
    [asRoot ? '-n' : '-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, self],
    { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } },
  )
  process.exit(status ?? 1)
}

function needs(command: string, args: string[], why: string): void {
  if (spawnSync(command, args, { stdio: 'ignore' }).error)
    throw new Error(`${command} is missing: ${why}; install it, or give AWS_ENDPOINT_URL`)
}

function install(): void {
  mkdirSync(cache, { recursive: true })
  rmSync(venv, { recursive: true, force: true })
  run('python3', ['-m', 'venv', venv], {})
  run(join(venv, 'bin/pip'), ['install', '--quiet', ...PACKAGES], {})
  writeFileSync(join(venv, 'installed'), PACKAGES.join('\n'))
}

/** Below here there is a network of our own, or an endpoint that somebody else runs. */
async function inside(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'telltale-emulator-'))
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566'
  const env: Record<string, string> = {
    // The CDK remembers accounts by access key in the home directory.
    HOME: work,
    PATH: `${dirname(process.execPath)}:${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: 'us-east-1',
  }
  const started: ChildProcess[] = []
  try {
    if (process.env['AWS_ENDPOINT_URL'] === undefined) started.push(...(await startServices(work, env)))
    env['AWS_ENDPOINT_URL'] = endpoint
    Object.assign(process.env, env)
    // Where there is no app, nothing is synthesized for it.
    run('cdk', ['bootstrap', 'aws://000000000000/us-east-1'], env, work)
    const outputs = join(work, 'outputs.json')
    run('cdk', ['deploy', '--all', '--require-approval', 'never', '--concurrency', '2', '-c', 'target=emulator', '--output', join(work, 'cdk.out'), '--outputs-file', outputs], env) // prettier-ignore
    await journey(JSON.parse(readFileSync(outputs, 'utf8')) as Outputs, endpoint)
    console.log('test:aws: the reading came back, the alarm arrived')
  } catch (error) {
    console.error(error)
    for (const log of ['ministack.log', 'influxd.log'])
      if (existsSync(join(work, log)))
        console.error(`--- ${log}\n${readFileSync(join(work, log), 'utf8').slice(-6000)}`)
    process.exitCode = 1
  } finally {
    // The emulator's workers outlive a polite end.
    for (const { pid } of started) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    rmSync(work, { recursive: true, force: true })
  }
}

async function startServices(work: string, env: Record<string, string>): Promise<ChildProcess[]> {
  const config = join(work, 'influxdb.conf')
  writeFileSync(
    config,
    `reporting-disabled = true\nbind-address = "127.0.0.1:8088"\n[meta]\ndir = "${work}/meta"\n[data]\ndir = "${work}/data"\nwal-dir = "${work}/wal"\n[http]\nbind-address = "127.0.0.1:8086"\n`,
  )
  const background = (
    command: string,
    args: string[],
    name: string,
    more: Record<string, string>,
  ): ChildProcess => {
    const log = openSync(join(work, `${name}.log`), 'w')
    return spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env, ...more },
      cwd: work,
    })
  }
  const started = [
    background('influxd', ['-config', config], 'influxd', {}),
    background(join(venv, 'bin/ministack'), [], 'ministack', {
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: '4566',
      LAMBDA_EXECUTOR: 'local',
      // Functions that CommonJS bundles of the CDK itself bring along find their SDK here.
      NODE_PATH: join(root, 'node_modules'),
    }),
  ]
  await answers('http://127.0.0.1:4566/_ministack/health')
  await answers('http://127.0.0.1:8086/ping')
  await fetch('http://127.0.0.1:8086/query?q=CREATE%20DATABASE%20telltale', { method: 'POST' })
  return started
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + READY_MS
  for (;;) {
    if (
      await fetch(url).then(
        (r) => r.ok,
        () => false,
      )
    )
      return
    if (Date.now() > until) throw new Error(`${url} did not answer within ${READY_MS} ms`)
    await sleep(250)
  }
}

function run(command: string, args: string[], env: Record<string, string>, cwd = root): void {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    cwd,
    env: { ...process.env, ...env },
  })
  if (status !== 0)
    throw new Error(
      `${command} ${args.slice(0, 2).join(' ')} failed: ${error?.message ?? `status ${status}`}`,
    )
}

await main()
