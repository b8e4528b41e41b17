import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../../../src/core/history/lake-layout.ts'
import { defaultRetention } from '../../../../src/core/retention/retention.ts'
import { columnsOf } from '../../../../src/adapters/local/lake/relations.ts'
import { lakeWorld, type LakeWorld } from './lake-world.ts'

const HOUR = 3_600_000
const athenaType: Record<string, string> = {
  VARCHAR: 'string',
  TIMESTAMP_MS: 'timestamp',
  DOUBLE: 'double',
  TINYINT: 'tinyint',
}
const T0 = Date.UTC(2026, 9, 1)
const page = readFileSync(new URL('../../../../docs/history.md', import.meta.url), 'utf8')
const [duckdb, athena] = [
  /\*\*DuckDB\*\*[^]*?(?=\*\*Athena\*\*)/,
  /\*\*Athena\*\*[^]*?(?=\*\*Power BI\*\*)/,
].map((part) => [...part.exec(page)![0].matchAll(/```sql\n([^]*?)```/g)].map(([, sql]) => sql!)) as [
  string[],
  string[],
]

/** Every statement of docs/history.md, as it stands there, over a lake with warm and cold days, duplicates and late rows. */
describe('the lake in DuckDB, as documented', () => {
  let world: LakeWorld
  let connection: DuckDBConnection
  const run = async (sql: string) =>
    (
      await connection.runAndReadAll(
        sql
          .replaceAll("'data/lake/", `'${join(world.dir, 'lake')}/`)
          .replaceAll(/BETWEEN '2026-11-01' AND '2026-11-22'/g, `BETWEEN '2026-10-01' AND '2026-11-22'`),
      )
    ).getRowObjectsJson()

  beforeAll(async () => {
    world = await lakeWorld({
      zone: 'Europe/Oslo',
      policy: () => ({ ...defaultRetention, warmAfterDays: 3, coldAfterDays: 20 }),
    })
    const readings = [0, 1, 40].flatMap((day) =>
      Array.from({ length: 24 }, (_, i) => ({
        thing: 'it’s',
        measure: 't',
        at: T0 + day * DAY + i * HOUR,
        value: i,
        receivedAt: T0 + day * DAY + i * HOUR,
      })),
    )
    await world.write([...readings, ...readings.slice(0, 5)])
    world.clock.now = T0 + 42 * DAY
    await world.repair()
    await world.keeper.round()
    // A later receipt of another value, sealed into a new file while the old one still lies there.
    await world.write([{ ...readings[3]!, value: 100, receivedAt: T0 + 42 * DAY }])
    await world.repair()
    await world.keeper.round()
    connection = await (await DuckDBInstance.create(':memory:')).connect()
  })
  afterAll(() => {
    connection.closeSync()
    world.close()
  })

  it('reads every tier', async () => {
    expect(duckdb).toHaveLength(3)
    expect(new Set(world.store.lakeFiles().map((f) => f.tier))).toEqual(new Set(['warm', 'cold', 'hot']))
    const [row] = await run(duckdb[0]!)
    expect(row).toMatchObject({ device: 'it’s', measure: 't' })
  })

  it('gives each reading once, the newest receipt’s, whatever lies there', async () => {
    const rows = await run(duckdb[1]!)
    expect(rows).toHaveLength(72)
    const times = rows.map((r) => Date.parse(`${r['ts'] as string}Z`)).sort((a, b) => a - b)
    expect(times[3]).toBe(T0 + 3 * HOUR)
    expect(rows.filter((r) => r['value'] === 100)).toHaveLength(1)
    expect(rows.reduce((sum, r) => sum + Number(r['value']), 0)).toBe(3 * ((23 * 24) / 2) + 97)
  })

  it('adds up days of the site’s zone', async () => {
    const rows = await run(duckdb[2]!)
    expect(rows.reduce((sum, r) => sum + Number(r['n']), 0)).toBe(72)
    expect(rows[0]).toMatchObject({ device: 'it’s', measure: 't', n: '22' }) // summer time: the day began at 22:00
  })

  it('names the columns that the files have, and Athena’s types for them', () => {
    for (const [kind, columns] of Object.entries(columnsOf))
      expect(new RegExp(`^lake/${kind}/\\S+ +(.*)$`, 'm').exec(page)![1]).toBe(
        columns.map(([name]) => name).join(', '),
      )
    const columns = /EXTERNAL TABLE readings \(([^]*?)\)\n/.exec(athena[0]!)![1]!.split(/,\s+/)
    expect(columns).toEqual(columnsOf.readings.map(([name, type]) => `${name} ${athenaType[type]!}`))
  })
})
