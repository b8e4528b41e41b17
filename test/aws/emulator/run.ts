import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startHotStore } from './hot-store.ts'
import { journey, type Outputs } from './journey.ts'

/**
 * `npm run test:aws`: deploys the stacks with the real CDK command line into an emulator and follows one reading through
 * them. With AWS_ENDPOINT_URL set, any LocalStack-compatible endpoint (and EMULATOR_INFLUX_URL, where its functions reach
 * an InfluxDB); without it, MiniStack, pinned, in a virtual environment and a network of its own, because it listens on
 * all interfaces.
 */
const PACKAGES = ['ministack==1.5.33', 'cryptography>=41', 'h2>=4.3', 'cbor2>=5.4', 'duckdb>=0.10']
/** Suites that ask the emulator here, and what it answered otherwise. */
const contracts = ['test/contracts/device-registry.test.ts', 'test/contracts/device-link.test.ts', 'test/adapters/aws/device-desk.test.ts', 'test/adapters/aws/provisioning.test.ts', 'test/adapters/aws/people.test.ts'] // prettier-ignore
const root = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(root, '.cache')
const venv = join(cache, 'ministack')
const INSIDE = 'TELLTALE_EMULATOR_INSIDE'
const READY_MS = 90_000
const PORTS = [4566, 8883, 8086]
const MINISTACK = 'http://127.0.0.1:4566'

async function main(): Promise<void> {
  if (process.env['AWS_ENDPOINT_URL'] !== undefined || process.env[INSIDE] !== undefined) return inside()
  needs('python3', ['-c', 'import venv, sys; sys.exit(sys.version_info < (3, 10))'], 'Python 3.10 or newer, with venv, runs the emulator') // prettier-ignore
  needs(
    'unshare',
    [process.getuid?.() === 0 ? '-n' : '-rn', 'true'],
    'unshare (util-linux), which may make network namespaces, gives the emulator a network of its own',
  )
  if (!isInstalled()) install()
  const self = fileURLToPath(import.meta.url)
  const { status } = spawnSync(
    'unshare',
    [process.getuid?.() === 0 ? '-n' : '-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, self],
    { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } },
  )
  process.exit(status ?? 1)
} // prettier-ignore

function needs(command: string, args: string[], why: string): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error || status !== 0)
    fail(`${command} is missing or does not work (${error?.message ?? stderr.trim()}): ${why}. Install it, or give AWS_ENDPOINT_URL`) // prettier-ignore
}

function fail(problem: string): never {
  console.error(`test:aws: ${problem}`)
  process.exit(1)
}

/** The pins are part of it: another list is another environment. */
const isInstalled = (): boolean =>
  existsSync(join(venv, 'installed')) && readFileSync(join(venv, 'installed'), 'utf8') === PACKAGES.join('\n')

function install(): void {
  console.log(`test:aws: installing ${PACKAGES[0]} into ${venv}`)
  mkdirSync(cache, { recursive: true })
  rmSync(venv, { recursive: true, force: true })
  for (const [command, args] of [
    ['python3', ['-m', 'venv', venv]],
    [join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]],
  ] as const)
    if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0)
      fail(`${PACKAGES[0]} could not be installed from PyPI (${command} ${args[0]}); is there a network? Or give AWS_ENDPOINT_URL`) // prettier-ignore
  writeFileSync(join(venv, 'installed'), PACKAGES.join('\n'))
}

/** Below here there is a network of our own, or an endpoint that somebody else runs. */
async function inside(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'telltale-emulator-'))
  const own = process.env['AWS_ENDPOINT_URL'] === undefined
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? MINISTACK
  const env: Record<string, string> = {
    // The CDK remembers accounts by access key in the home directory.
    HOME: work,
    PATH: `${dirname(process.execPath)}:${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: 'us-east-1',
  }
  const started: ChildProcess[] = []
  const step = stepsOf()
  try {
    Object.assign(process.env, env)
    if (own) started.push(...(await step('start the emulator', async () => startServices(work, env))))
    // Where there is no app, nothing is synthesized for it.
    await step('cdk bootstrap', async () => run('cdk', ['bootstrap', 'aws://000000000000/us-east-1'], env, work, 'bootstrap')) // prettier-ignore
    await step('telltale doctor --aws', async () => run('node', [join(root, 'bin/telltale.js'), 'doctor', '--aws'], env, work, 'doctor')) // prettier-ignore
    const outputs = join(work, 'outputs.json')
    const influx = process.env['EMULATOR_INFLUX_URL']
    const deploy = ['deploy', '--all', '--require-approval', 'never', '--concurrency', '2', '--progress', 'events']
    const context = ['-c', 'target=emulator', ...(influx === undefined ? [] : ['-c', `emulatorInfluxUrl=${influx}`])]
    await step('cdk deploy', async () => run('cdk', [...deploy, ...context, '--output', join(work, 'cdk.out'), '--outputs-file', outputs], env, root, 'deploy', work)) // prettier-ignore
    const eraseAll = await journey(JSON.parse(readFileSync(outputs, 'utf8')) as Outputs, endpoint, step)
    // After the stacks: they would not take over a thing type that a suite has made.
    await step('contracts of devices, commands, jobs, shadows and people', async () => run('npx', ['vitest', 'run', ...contracts], { ...env, CONTRACT_ENDPOINT: endpoint }, root, 'contracts', work)) // prettier-ignore
    await eraseAll()
    console.log('test:aws: the reading came back, the alarm arrived')
  } catch (error) {
    console.error(error)
    for (const log of ['contracts.log', 'bootstrap.log', 'doctor.log', 'deploy.log', 'influxd.log', 'ministack.log'])
      if (existsSync(join(work, log)))
        console.error(`--- the end of ${log}\n${readFileSync(join(work, log), 'utf8').slice(-6000)}`)
    console.error(`test:aws: failed at: ${step.at()}`)
    process.exitCode = 1
  } finally {
    // The emulator's workers outlive a polite end.
    for (const { pid } of started) if (pid !== undefined) endGroup(pid)
    rmSync(work, { recursive: true, force: true })
  }
  process.exit()
} // prettier-ignore

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Says what is being done, and how long it took; remembers where it stopped. */
function stepsOf(): Step & { at(): string } {
  let at = 'the beginning'
  const step: Step = async (name, work) => {
    at = name
    const start = performance.now()
    const result = await work()
    console.log(`test:aws: ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
    return result
  }
  return Object.assign(step, { at: () => at })
}

async function startServices(work: string, env: Record<string, string>): Promise<ChildProcess[]> {
  for (const port of PORTS)
    if (await isTaken(port)) fail(`port ${port} is in use: end what listens there, or give AWS_ENDPOINT_URL`)
  const background = (command: string, args: string[], name: string, more: Record<string, string> = {}) => {
    const log = openSync(join(work, `${name}.log`), 'w')
    return spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env, ...more },
      cwd: work,
    })
  }
  const hotStore = await startHotStore(work, background)
  const emulator = background(join(venv, 'bin/ministack'), [], 'ministack', {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: '4566',
    LAMBDA_EXECUTOR: 'local',
    // Functions that CommonJS bundles of the CDK itself bring along find their SDK here.
    NODE_PATH: join(root, 'node_modules'),
  })
  await answers(`${MINISTACK}/_ministack/health`, emulator)
  return [...hotStore, emulator]
}

const isTaken = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })

async function answers(url: string, by: ChildProcess): Promise<void> {
  const until = Date.now() + READY_MS
  for (;;) {
    const ok = await fetch(url).then((r) => r.ok).catch(() => false) // prettier-ignore
    if (ok) return
    if (by.exitCode !== null) throw new Error(`${by.spawnfile} ended with ${by.exitCode}; its log is below`)
    if (Date.now() > until) throw new Error(`${url} did not answer within ${READY_MS} ms`)
    await sleep(250)
  }
}

/** Runs to its end; what it says goes to a log, which is shown if it fails. */
async function run(command: string, args: string[], env: Record<string, string>, cwd: string, name: string, logs = cwd): Promise<void> {
  const log = openSync(join(logs, `${name}.log`), 'w')
  const child = spawn(command, args, { stdio: ['ignore', log, log], cwd, env: { ...process.env, ...env } })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
  if (status !== 0) throw new Error(`${command} ${args[0]} failed with ${status}; its log is below`)
} // prettier-ignore

await main()
