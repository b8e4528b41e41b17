import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CliFailure, exitCodes } from '../src/cli/exit-codes.ts'
import { commit, machine } from './machine.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Values = Record<string, string | boolean | undefined>

interface Bench {
  options: Options
  run(values: Values): Promise<Record<string, unknown>>
}

const number = (value: string | boolean | undefined, otherwise: number): number =>
  value === undefined ? otherwise : Number(value)

function file(values: Values, name: string): string {
  const value = values[name]
  if (typeof value === 'string' && value !== '') return value
  throw new CliFailure('usage', `--${name} FILE is missing: the file that is to be read`)
}

function whole(values: Values, name: string, least: number, otherwise: number): number {
  const value = number(values[name], otherwise)
  if (Number.isSafeInteger(value) && (value >= least || values[name] === undefined)) return value
  throw new CliFailure(
    'usage',
    `--${name} ${String(values[name])}: a whole number from ${least} on is wanted`,
  )
}

function oneOf<T extends string>(values: Values, name: string, allowed: readonly [T, ...T[]]): T {
  const value = values[name] ?? allowed[0]
  const found = allowed.find((one) => one === value)
  if (found !== undefined) return found
  throw new CliFailure('usage', `--${name} ${String(value)}: allowed are ${allowed.join(', ')}`)
}

/** Beside the working tree; any other EPW file may be named with --weather. */
const usualWeather = fileURLToPath(
  new URL('../../shared/data/weather/USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw', import.meta.url),
)

/** One line a benchmark. Each is loaded only when it is asked for. */
const benches: Record<string, Bench> = {
  ingest: {
    options: {
      payload: { type: 'string' },
      plain: { type: 'boolean' },
      seconds: { type: 'string' },
      devices: { type: 'string' },
    },
    run: async (v) =>
      (await import('./ingest.ts')).ingest({
        payload: v['payload'] === 'single' ? 'single' : 'pack50',
        plain: v['plain'] === true,
        seconds: number(v['seconds'], 20),
        devices: number(v['devices'], 1000),
      }),
  },
  latency: {
    options: { seconds: { type: 'string' }, rate: { type: 'string' } },
    run: async (v) =>
      (await import('./latency.ts')).latency({
        perMinute: number(v['rate'], 1_000_000),
        seconds: number(v['seconds'], 20),
      }),
  },
  page: {
    options: { vehicles: { type: 'string' } },
    run: async (v) => ({
      ...(await (await import('./page.ts')).pageBench({ vehicles: number(v['vehicles'], 5000) })),
    }),
  },
  stages: { options: {}, run: async () => (await import('./stages.ts')).stages() },
  decode: {
    options: {},
    run: async () => ({ bench: 'decode', ...(await import('./decode.ts')).decodeBench() }),
  },
  connections: {
    options: {},
    run: async () => ({
      bench: 'connections',
      ...(await (await import('./connections.ts')).connectionsBench()),
    }),
  },
  rul: {
    options: {
      train: { type: 'string' },
      test: { type: 'string' },
      truth: { type: 'string' },
      seed: { type: 'string' },
    },
    run: async (v) => ({
      bench: 'rul',
      ...(await (
        await import('./rul.ts')
      ).benchRul({
        train: file(v, 'train'),
        test: file(v, 'test'),
        truth: file(v, 'truth'),
        seed: whole(v, 'seed', 0, 1),
      })),
    }),
  },
  failure: {
    options: {
      data: { type: 'string' },
      label: { type: 'string' },
      folds: { type: 'string' },
      seed: { type: 'string' },
    },
    run: async (v) => ({
      bench: 'failure',
      ...(await (
        await import('./failure.ts')
      ).benchFailure({
        data: file(v, 'data'),
        seed: whole(v, 'seed', 0, 1),
        ...(v['folds'] !== undefined && { folds: whole(v, 'folds', 2, 0) }),
        ...(typeof v['label'] === 'string' && { label: v['label'] }),
      })),
    }),
  },
  health: {
    options: { data: { type: 'string' } },
    run: async (v) => ({
      bench: 'health',
      ...(await (await import('./health-index.ts')).benchHealth({ data: file(v, 'data') })),
    }),
  },
  xgboost: {
    options: { python: { type: 'string' }, data: { type: 'string' } },
    run: async (v) =>
      (await import('./xgboost.ts')).xgboostBench({
        python: file(v, 'python'),
        ...(typeof v['data'] === 'string' && { data: v['data'] }),
      }),
  },
  hvac: {
    options: { weather: { type: 'string' }, seed: { type: 'string' }, schedule: { type: 'string' } },
    run: async (v) => ({
      bench: 'hvac',
      ...(await import('./hvac.ts')).benchHvac({
        ...(typeof v['weather'] === 'string'
          ? { weather: v['weather'] }
          : existsSync(usualWeather) && { weather: usualWeather }),
        seed: whole(v, 'seed', 0, 1),
        ...(typeof v['schedule'] === 'string' && { schedule: v['schedule'] }),
      }),
    }),
  },
  fleet: {
    options: { vehicles: { type: 'string' }, pack: { type: 'string' } },
    run: async (v) =>
      (await import('./fleet.ts')).fleetBench({
        vehicles: whole(v, 'vehicles', 1, 5000),
        pack: whole(v, 'pack', 1, 1),
      }),
  },
  routes: {
    options: {
      data: { type: 'string' },
      best: { type: 'string' },
      seconds: { type: 'string' },
      objective: { type: 'string' },
      only: { type: 'string' },
    },
    run: async (v) =>
      (await import('./routes.ts')).routes({
        data: file(v, 'data'),
        best: file(v, 'best'),
        seconds: whole(v, 'seconds', 1, 10),
        objective: oneOf(v, 'objective', ['vehicles', 'distance']),
        ...(typeof v['only'] === 'string' && { only: v['only'] }),
      }),
  },
  drives: {
    options: { data: { type: 'string' } },
    run: async (v) => (await import('./drives.ts')).drives({ data: file(v, 'data') }),
  },
  scoring: {
    options: { devices: { type: 'string' } },
    run: async (v) => (await import('./scoring.ts')).scoring({ devices: whole(v, 'devices', 1, 10_000) }),
  },
  plans: {
    options: { buildings: { type: 'string' } },
    run: async (v) => (await import('./plans.ts')).plans({ buildings: whole(v, 'buildings', 2, 100) }),
  },
  lambda: { options: {}, run: async () => (await import('./lambda.ts')).lambda() },
  crash: {
    options: { rounds: { type: 'string' }, seed: { type: 'string' } },
    run: async (v) =>
      (await import('./crash.ts')).crash({
        rounds: number(v['rounds'], 50),
        seed: number(v['seed'], 1),
        leastAcknowledged: 50_000,
      }),
  },
  storm: {
    options: { clients: { type: 'string' } },
    run: async (v) => (await import('./storm.ts')).storm({ clients: number(v['clients'], 2000) }),
  },
  devices: {
    options: { devices: { type: 'string' } },
    run: async (v) => (await import('./devices.ts')).devicesBench({ devices: number(v['devices'], 100_000) }),
  },
  query: {
    options: { rounds: { type: 'string' }, sealRows: { type: 'string' }, prepare: { type: 'boolean' } },
    run: async (v) =>
      (await import('./query.ts')).query({
        rounds: number(v['rounds'], 50),
        sealRows: number(v['sealRows'], 2_000_000),
        prepare: v['prepare'] === true,
      }),
  },
  sealing: {
    options: { rows: { type: 'string' }, perMinute: { type: 'string' }, seconds: { type: 'string' } },
    run: async (v) =>
      (await import('./sealing.ts')).sealing({
        rows: number(v['rows'], 4_000_000),
        perMinute: number(v['perMinute'], 1_000_000),
        seconds: number(v['seconds'], 20),
      }),
  },
}

/** Prints one JSON line last, and keeps it with machine and commit in bench/results/. */
async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2)
  const bench = name === undefined ? undefined : benches[name]
  if (!bench) {
    console.error(
      `usage: npm run -s bench -- NAME --json, where NAME is one of ${Object.keys(benches).join(', ')}`,
    )
    process.exit(2)
  }
  const { values } = parseArgs({
    args: rest,
    options: { json: { type: 'boolean' }, ...bench.options },
    strict: true,
  })
  const startedAt = new Date().toISOString()
  const loadBefore = loadavg()[0]
  const result = await bench.run(values)
  const line = JSON.stringify(result)
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
  appendFileSync(
    new URL(`./results/${name}.jsonl`, import.meta.url),
    `${JSON.stringify({ startedAt, commit: commit(), machine: machine(), loadBefore, arguments: rest, ...result })}\n`,
  )
  console.log(values['json'] ? line : JSON.stringify(result, null, 2))
}

try {
  await main()
} catch (error) {
  const misused = String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  if (!(error instanceof CliFailure) && !misused) throw error
  console.error((error as Error).message)
  process.exitCode = error instanceof CliFailure ? exitCodes[error.exit].code : exitCodes.usage.code
}
