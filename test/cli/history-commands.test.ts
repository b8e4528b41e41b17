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
    await expect(run(importCommand, 'import', file)).rejects.toThrow('needs columns')
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
    expect(await run(erase, 'erase', 'm-1', '--yes')).toMatchObject({ thing: 'm-1' })
    await expect(run((p) => querySeries(p.command('query')), 'query', 'series', 'm-1')).rejects.toThrow(
      'no such device',
    )
  }, 30_000)
})
