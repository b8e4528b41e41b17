import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { boxDefaults, startBox, type Box } from '../../local/box.ts'
import { erase } from '../../src/cli/erase.ts'
import { exportCommand } from '../../src/cli/export.ts'
import { importCommand } from '../../src/cli/import.ts'
import { querySeries } from '../../src/cli/query-series.ts'
import { rebuild } from '../../src/cli/rebuild.ts'
import { retention } from '../../src/cli/retention.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'

const root = mkdtempSync(join(tmpdir(), 'telltale-commands-'))
const T0 = (Math.floor(Date.now() / DAY) - 3) * DAY
let box: Box

beforeAll(async () => {
  box = await startBox({
    ...boxDefaults,
    dir: join(root, 'data'),
    mqttPort: 0,
    httpsPort: 0,
    httpPort: 0,
    notifiers: [],
    version: 'test',
    log: () => {},
  })
  await box.devices.putType({ name: 'motor', trade: 'plant', measures: {} }, 'test')
  for (const thing of ['m-1', 'm-2', 'm-3'])
    await box.devices.put({ thing, trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test')
  await new Promise((resolve) => setTimeout(resolve, 5))
}, 30_000)
afterAll(async () => {
  await box.close()
  rmSync(root, { recursive: true, force: true })
})

async function run(add: (program: Command) => unknown, ...args: string[]): Promise<Record<string, unknown>> {
  const program = new Command().exitOverride()
  add(program)
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  try {
    await program.parseAsync([...args, '--url', box.url, '--token', box.token, '--json'], { from: 'user' })
  } finally {
    log.mockRestore()
  }
  return JSON.parse(printed.join('')) as Record<string, unknown>
}

const csv = (thing: string): string =>
  `device,measure,ts,value,text\n${Array.from({ length: 3000 }, (_, i) => `${thing},${i % 2 === 0 ? 'speed' : '"state"'},${new Date(T0 + i * 60_000).toISOString()},${i % 2 === 0 ? i / 4 : ''},${i % 2 === 0 ? '' : `s${i % 3}`}`).join('\n')}\n`

describe('import, export and erase', () => {
  const range = ['--from', String(T0), '--to', String(T0 + 3 * DAY), '--things', 'm-1']

  it('brings in CSV, and what comes out again is the same, in CSV and in Parquet', async () => {
    const file = join(root, 'in.csv')
    writeFileSync(file, csv('m-1'))
    expect(await run(importCommand, 'import', file)).toMatchObject({ rows: 3000, taken: 3000, refused: 0 })
    await box.repaired()
    await box.history.round()
    const out = join(root, 'out.csv')
    expect(await run(exportCommand, 'export', out, ...range)).toMatchObject({ readings: 3000 })
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(3001)
    expect(lines).toContain(`m-1,speed,${new Date(T0 + 120_000).toISOString()},0.5,,backfilled`)
    const parquet = join(root, 'parquet')
    expect(await run(exportCommand, 'export', parquet, ...range, '--format', 'parquet')).toMatchObject({
      readings: 3000,
    })
    const files = readdirSync(parquet)
    expect(files).toEqual(['000000.parquet'])
    for (const name of files)
      expect(await run(importCommand, 'import', join(parquet, name))).toMatchObject({ taken: 3000 })
    await box.repaired()
    const again = join(root, 'again.csv')
    await run(exportCommand, 'export', again, ...range)
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(out, 'utf8'))
  }, 60_000)

  it('goes on with an export that was interrupted', async () => {
    const whole = readFileSync(join(root, 'out.csv'), 'utf8')
    const out = join(root, 'resumed.csv')
    const { headers, text } = await fetch(
      `${box.url}/v1/export?from=${T0}&to=${T0 + 3 * DAY}&things=m-1&rows=500`,
      { headers: { authorization: `Bearer ${box.token}` } },
    ).then(async (r) => ({ headers: r.headers, text: await r.text() }))
    expect(whole.startsWith(text)).toBe(true)
    expect(Number(headers.get('x-rows'))).toBe(text.split('\n').length - 2)
    writeFileSync(`${out}.part`, `${text}half a li`)
    const question = { from: T0, to: T0 + 3 * DAY, things: 'm-1', format: 'csv' }
    writeFileSync(
      `${out}.progress.json`,
      JSON.stringify({
        question: JSON.stringify(question),
        next: /<([^>]+)>/.exec(headers.get('link')!)![1],
        done: Buffer.byteLength(text),
        rows: Number(headers.get('x-rows')),
      }),
    )
    expect(await run(exportCommand, 'export', out, ...range)).toMatchObject({ readings: 3000 })
    expect(readFileSync(out, 'utf8')).toBe(whole)
    await expect(run(exportCommand, 'export', out, ...range)).rejects.toThrow('exists already')
  }, 30_000)

  it('takes the good rows of a table and says what is wrong with each of the others', async () => {
    const file = join(root, 'faulty.csv')
    const at = new Date(T0).toISOString()
    writeFileSync(
      file,
      [
        'TS;Device;Measure;Value;Text',
        `${at};m-2;ok;1;`,
        `${at};m-2;ok2;;"two; lines\nof text"`,
        `${at};nobody;ok;1;`,
        `yesterday;m-2;ok;1;`,
        `${at};m-2;__proto__;1;`,
        `${at};m-2;ok;one;`,
        `${at};m-2;ok;;`,
        '',
        `${at};m-2;flag;TRUE;`,
      ].join('\n'),
    )
    expect(await run(importCommand, 'import', file)).toMatchObject({ rows: 8, taken: 3, refused: 5 })
    expect(process.exitCode).toBe(1)
    process.exitCode = undefined
    const errors = readFileSync(`${file}.errors.csv`, 'utf8').trim().split('\n')
    expect(errors.map((line) => line.split(',')[0])).toEqual(['row', '3', '4', '5', '6', '7'])
    expect(errors[1]).toContain('there is no device nobody')
    writeFileSync(file, 'a,b\n1,2\n')
    await expect(run(importCommand, 'import', file)).rejects.toMatchObject({
      exit: 'badInput',
      message: expect.stringContaining('needs columns') as string,
    })
    const bad = async (path: string, message: string) =>
      expect(run(importCommand, 'import', path)).rejects.toMatchObject({
        exit: 'badInput',
        message: expect.stringContaining(message) as string,
      })
    await bad(root, 'is no file')
    await bad(join(root, 'absent.csv'), 'does not exist')
    writeFileSync(file, '')
    await bad(file, 'is empty')
    const nowhere = join(root, 'no', 'where', 'out.csv')
    await expect(run(exportCommand, 'export', nowhere, ...range)).rejects.toMatchObject({ exit: 'badInput' })
  })

  it('asks for series over all tiers', async () => {
    const answer = await run(
      (p) => querySeries(p.command('query')),
      'query',
      'series',
      'm-1',
      '--from',
      String(T0),
      '--to',
      String(T0 + 2 * DAY),
      '--calendar',
      'day',
      '--measures',
      'speed',
    )
    expect(answer).toMatchObject({
      resolution: 'day',
      complete: true,
      series: [{ thing: 'm-1', n: [720, 720] }],
    })
  })

  it('shows retention and takes another policy, but none that contradicts itself', async () => {
    const { policy } = await run(retention, 'retention', 'show')
    const file = join(root, 'policy.json')
    writeFileSync(file, JSON.stringify({ ...(policy as object), warmAfterDays: 10 }))
    await run(retention, 'retention', 'set', file)
    expect(await run(retention, 'retention', 'show')).toMatchObject({
      policy: { warmAfterDays: 10 },
      due: [],
    })
    writeFileSync(file, JSON.stringify({ ...(policy as object), warmAfterDays: 400 }))
    await expect(run(retention, 'retention', 'set', file)).rejects.toThrow('coldAfterDays')
  })

  it('erases only when it is meant', async () => {
    await expect(run(erase, 'erase', 'm-1')).rejects.toThrow('--yes')
    await expect(run(erase, 'erase', 'nobody', '--yes')).rejects.toThrow('nothing is stored of it')
    expect(await run(erase, 'erase', 'm-1', '--yes')).toMatchObject({ thing: 'm-1' })
    await expect(run((p) => querySeries(p.command('query')), 'query', 'series', 'm-1')).rejects.toThrow(
      'no such device',
    )
  }, 30_000)
})

describe('rebuild sealed', () => {
  const things = ['late-1', 'late-2', 'gone-1'] as const
  const sent = new Map<string, Map<number, number>>()
  const lake = join(root, 'data', 'lake')

  /** A message of readings a quarter of a minute apart, through the pipeline and into the archive. */
  const send = async (thing: string, at: number, values: number[]): Promise<void> => {
    const known = sent.get(thing) ?? new Map<number, number>()
    sent.set(thing, known)
    for (const [i, value] of values.entries()) known.set(at + i * 15_000, value)
    await box.submit({
      topic: `dt/plant/${thing}/telemetry`,
      client: thing,
      receivedAt: Date.now(),
      payload: Buffer.from(JSON.stringify({ at, step: 15_000, measures: { load: values } })),
    })
  }
  /** Windows of so many milliseconds, computed from what was sent. */
  const batch = (thing: string, stepMs: number): number[][] =>
    [
      ...Map.groupBy(
        [...sent.get(thing)!].sort(([a], [b]) => a - b),
        ([at]) => Math.floor(at / stepMs),
      ),
    ].map(([start, rows]) => {
      const values = rows.map(([, value]) => value)
      const sum = values.reduce((a, b) => a + b, 0)
      return [start * stepMs, values.length, sum, Math.min(...values), Math.max(...values), values[0]!, values.at(-1)!] // prettier-ignore
    })
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${box.token}`, 'content-type': 'application/json' }
    const response = await fetch(box.url + path, { ...init, headers })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const windows = async (thing: string, resolution: string, stepMs: number) => {
    const { body } = await ask(
      `/v1/series?things=${thing}&from=${T0}&to=${T0 + 2 * DAY}&resolution=${resolution}&step=${stepMs}`,
    )
    const { series, complete } = body as { complete: boolean; series: Record<string, number[]>[] }
    const rows = (series[0]?.['at'] ?? []).map((_, i) =>
      ['at', 'n', 'sum', 'min', 'max', 'first', 'last'].map((name) => series[0]![name]![i]!),
    )
    return { complete, rows }
  }
  const spoil = (kind: string): string[] => {
    const files = readdirSync(join(lake, kind), { recursive: true, withFileTypes: true }).filter(
      (f) => f.isFile() && f.parentPath.includes(`dt=${new Date(T0).toISOString().slice(0, 10)}`),
    )
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name))
      bytes.fill(0x55, bytes.length >> 2, bytes.length >> 1) // within the pages: only the checksum tells
      writeFileSync(join(parentPath, name), bytes)
    }
    return files.map(({ name }) => name)
  }
  const expectAsSent = async (): Promise<void> => {
    for (const thing of ['late-1', 'late-2'])
      for (const [resolution, stepMs] of [['minute', 60_000], ['quarter', 900_000], ['day', DAY]] as const)
        expect([thing, resolution, await windows(thing, resolution, stepMs)]).toEqual([thing, resolution, { complete: true, rows: batch(thing, stepMs) }]) // prettier-ignore
  } // prettier-ignore
  const sealed = (...args: string[]) =>
    run(rebuild, 'rebuild', 'sealed', '--from', String(T0), '--to', String(T0 + 2 * DAY), ...args)

  beforeAll(async () => {
    for (const thing of things)
      await box.devices.put(
        { thing, trade: 'plant', type: 'motor', status: 'active', attributes: {} },
        'test',
      )
    await new Promise((resolve) => setTimeout(resolve, 5))
    for (const thing of things)
      for (let hour = 0; hour < 48; hour += 6)
        await send(
          thing,
          T0 + hour * 3_600_000,
          Array.from({ length: 100 }, (_, i) => hour + (i % 7)),
        )
    await box.repaired()
    await box.history.emptyJournal()
    await box.history.round() // seals and archives what was sent
    await run(erase, 'erase', 'gone-1', '--yes')
    for (const thing of ['late-1', 'late-2']) await send(thing, T0 + 3_600_000, [100, 200, 300])
    await box.repaired()
  }, 60_000)

  it('makes the windows again from readings, late ones included, and gives nothing back to an erased device', async () => {
    await expectAsSent()
    expect(spoil('windows').length).toBeGreaterThan(0)
    expect((await windows('late-2', 'minute', 60_000)).complete).toBe(false)
    expect(await sealed()).toMatchObject({ days: 2, givenUp: 0 })
    await expectAsSent()
    await box.history.emptyJournal()
    await box.history.round() // seals what came late, and archives it
    await expectAsSent()
    expect((await ask(`/v1/devices/gone-1`)).status).toBe(404)
  }, 60_000)

  it('brings back from the archive what a damaged file held, and then gives that file up', async () => {
    expect(spoil('readings').length).toBeGreaterThan(0)
    const before = await ask(`/v1/series?things=late-1&from=${T0}&to=${T0 + DAY}&resolution=raw`)
    expect(before.body['missing']).toMatchObject([{ reason: 'damaged' }])
    const health = await ask('/v1/health')
    expect(JSON.stringify(health.body['conditions'])).toContain('lake_damaged')
    // By the time of receipt: what a device sent today was of days ago.
    const archived = ['--from', String(Date.now() - DAY), '--to', String(Date.now() + 3_600_000)]
    const again = await run(rebuild, 'rebuild', 'sealed', ...archived, '--raw')
    expect(again['messages']).toBeGreaterThanOrEqual(18)
    await box.repaired()
    const { body } = await ask('/v1/history/rebuild', {
      method: 'POST',
      body: JSON.stringify({ from: T0, to: T0 + 2 * DAY, giveUpDamaged: true }),
    })
    expect(body['givenUp']).toBe(1)
    await box.history.round()
    await box.repaired()
    await expectAsSent()
    expect(await sealed()).toMatchObject({ givenUp: 0 })
    await expectAsSent()
    expect(JSON.stringify((await ask('/v1/health')).body['conditions'])).not.toContain('lake_damaged')
    expect((await ask('/v1/quarantine?client=gone-1')).body['items']).toEqual([])
    const { body: gone } = await ask(`/v1/series?things=gone-1&from=${T0}&to=${T0 + DAY}`)
    expect(gone['code']).toBe('no_such_device')
  }, 60_000)

  it('says what is wrong with a question', async () => {
    const post = (body: object) => ask('/v1/history/rebuild', { method: 'POST', body: JSON.stringify(body) })
    expect((await post({ from: T0, to: T0 })).body['code']).toBe('bad_range')
    expect((await post({ from: 'yesterday', to: T0 })).body['code']).toBe('bad_body')
    expect((await post({ from: T0, to: T0 + 1, everything: true })).body['code']).toBe('bad_body')
    expect((await post({ from: T0 - 9 * DAY, to: T0 - 8 * DAY })).body).toEqual({ days: 0, givenUp: 0 })
    await expect(run(rebuild, 'rebuild', 'sealed')).rejects.toThrow('sealed days need --from')
    await expect(sealed('--dry-run')).rejects.toThrow('--dry-run is for windows and states')
  })
})
