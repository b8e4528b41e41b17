import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
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
  it('brings in CSV, and what comes out again is the same, in CSV and in Parquet', async () => {
    const file = join(root, 'in.csv')
    writeFileSync(file, csv('m-1'))
    expect(await run(importCommand, 'import', file)).toMatchObject({ rows: 3000, sent: 3000 })
    await box.repaired()
    await box.history.round()
    const range = ['--from', String(T0), '--to', String(T0 + 3 * DAY), '--things', 'm-1']
    const out = join(root, 'out.csv')
    expect(await run(exportCommand, 'export', out, ...range)).toMatchObject({ readings: 3000 })
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(3001)
    expect(lines).toContain(`m-1,speed,${new Date(T0 + 120_000).toISOString()},0.5,,backfilled`)
    const parquet = join(root, 'parquet')
    expect(await run(exportCommand, 'export', parquet, ...range, '--format', 'parquet')).toMatchObject({
      readings: 3000,
    })
    const files = readdirSync(parquet).filter((name) => name.endsWith('.parquet'))
    expect(files).toHaveLength(3)
    for (const name of files) await run(importCommand, 'import', join(parquet, name))
    await box.repaired()
    const again = join(root, 'again.csv')
    await run(exportCommand, 'export', again, ...range)
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(out, 'utf8'))
  }, 60_000)

  it('goes on with an export that was interrupted', async () => {
    const out = join(root, 'resumed.csv')
    const from = T0
    const to = T0 + 3 * DAY
    const whole = readFileSync(join(root, 'out.csv'), 'utf8')
    const first = whole.slice(0, whole.indexOf('m-1,', 500))
    writeFileSync(`${out}.part`, `${first}half a li`)
    writeFileSync(
      `${out}.progress.json`,
      JSON.stringify({
        question: JSON.stringify({ from, to, things: ['m-1'], measures: undefined, format: 'csv' }),
        done: 3,
        bytes: Buffer.byteLength(first),
      }),
    )
    truncateSync(`${out}.part`, Buffer.byteLength(first) + 4)
    await run(exportCommand, 'export', out, '--from', String(from), '--to', String(to), '--things', 'm-1')
    expect(readFileSync(out, 'utf8')).toBe(first)
    await expect(
      run(exportCommand, 'export', out, '--from', String(from), '--to', String(to)),
    ).rejects.toThrow('exists already')
  }, 30_000)

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
