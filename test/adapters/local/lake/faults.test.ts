import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DAY, dayOf } from '../../../../src/core/history/lake-layout.ts'
import { defaultRetention, type RetentionPolicy } from '../../../../src/core/retention/retention.ts'
import { querySeries, type SeriesQuestion } from '../../../../src/pipeline/history/query.ts'
import { lakeWorld, type Copied, type LakeWorld } from './lake-world.ts'

const HOUR = 3_600_000
const T0 = Date.UTC(2026, 2, 28)

const copies = (days: number, over: Partial<Copied> = {}): Copied[] =>
  Array.from({ length: days * 24 }, (_, i) => ({
    thing: 'a',
    measure: 't',
    at: T0 + i * HOUR,
    value: i,
    receivedAt: T0 + i * HOUR,
    ...over,
  }))

const ask = (world: LakeWorld, over: Partial<SeriesQuestion> = {}) =>
  querySeries(
    {
      things: ['a'],
      from: T0,
      to: T0 + 40 * DAY,
      points: 5000,
      resolution: 'raw',
      fill: 'none',
      reduce: 'none',
      ...over,
    },
    world.stores,
  )
const values = async (world: LakeWorld): Promise<number[]> =>
  (await ask(world)).series.flatMap((s) => s.readings!.map((r) => r.value))
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

const lakeFiles = (world: LakeWorld): string[] =>
  !existsSync(world.lakeDir)
    ? []
    : readdirSync(world.lakeDir, { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile())
        .map((e) => join(e.parentPath, e.name))

describe('sealing', () => {
  const steps = [
    'read',
    ...['readings', 'windows', 'quarters', 'days'].flatMap((kind) => [
      `written ${kind}`,
      `installed ${kind}`,
    ]),
  ]

  it('loses and doubles nothing when it ends for good at any step', async () => {
    const first = await lakeWorld()
    first.clock.now = T0 + 2 * DAY + 5 * HOUR
    await first.write(copies(1))
    await first.repair()
    first.close(false)
    const reopened = async (hook?: (step: string) => unknown): Promise<LakeWorld> => {
      const world = await lakeWorld({ dir: first.dir, ...(hook && { hook }) })
      world.clock.now = first.clock.now
      const listed = world.store.lakeFiles().map((f) => join(world.lakeDir, f.path))
      expect(lakeFiles(world).sort()).toEqual(listed.sort())
      expect(await values(world)).toEqual(numbers(24))
      return world
    }
    for (const last of steps) {
      const ended = Promise.withResolvers<void>()
      const world = await reopened((step) => {
        if (step !== last) return
        ended.resolve()
        return new Promise(() => {}) // nothing of it happens after this, no cleaning up either
      })
      void world.keeper.round()
      await ended.promise
      expect(await values(world)).toEqual(numbers(24))
      world.close(false)
    }
    const again = await reopened()
    await again.keeper.round()
    expect(await values(again)).toEqual(numbers(24))
    expect(again.db.prepare('SELECT count(*) AS n FROM pack').get()).toEqual({ n: 0 })
    expect(again.store.lakeFiles().map((f) => f.kind)).toEqual(['days', 'quarters', 'readings', 'windows'])
    again.close()
  }, 20_000)

  it('says that its process was killed, and goes on with the next one', async () => {
    const world = await lakeWorld({ dieAt: 'written readings' })
    world.clock.now = T0 + 2 * DAY + 5 * HOUR
    await world.write(copies(1))
    await expect(world.keeper.round()).rejects.toThrow('the lake process ended (SIGKILL)')
    expect(world.keeper.trouble()).toContain('SIGKILL')
    world.close(false)
    const again = await lakeWorld({ dir: world.dir })
    again.clock.now = world.clock.now
    await again.keeper.round()
    expect(await values(again)).toEqual(numbers(24))
    again.close()
  }, 20_000)

  it('keeps rows that arrive while it runs', async () => {
    let late: (() => void) | null = null
    const world = await lakeWorld({ hook: (step) => step === 'installed windows' && late?.() })
    world.clock.now = T0 + 2 * DAY + 5 * HOUR
    await world.write(copies(1))
    await world.repair()
    const writing: Promise<void>[] = []
    late = () =>
      writing.push(
        world.write([{ thing: 'a', measure: 't', at: T0 + 1000, value: 99, receivedAt: T0 + 3 * DAY }]),
      )
    await world.keeper.round()
    await Promise.all(writing)
    await world.repair()
    expect(await values(world)).toEqual([0, 99, ...numbers(24).slice(1)])
    world.close()
  })

  it('removes what no transaction made visible at the next start', async () => {
    const world = await lakeWorld()
    world.clock.now = T0 + 2 * DAY
    await world.write(copies(1))
    await world.keeper.round()
    const stray = join(world.lakeDir, 'readings', 'dt=2026-03-28', 'b=00.77.parquet.tmp')
    writeFileSync(stray, 'half')
    world.close(false)
    const again = await lakeWorld({ dir: world.dir })
    expect(existsSync(stray)).toBe(false)
    expect(await values(again)).toEqual(numbers(24))
    again.close()
  })

  it('goes on where a disk that was full has room again', async () => {
    let full = true
    const world = await lakeWorld({
      hook: (step) => {
        if (full && step === 'written readings') throw new Error('ENOSPC: no space left on device, write')
      },
    })
    world.clock.now = T0 + 2 * DAY
    await world.write(copies(1))
    await expect(world.keeper.round()).rejects.toThrow('ENOSPC')
    expect(world.keeper.trouble()).toContain('ENOSPC')
    expect(lakeFiles(world)).toEqual([])
    expect(await values(world)).toEqual(numbers(24))
    full = false
    await world.keeper.round()
    expect(world.keeper.trouble()).toBeNull()
    expect(await values(world)).toEqual(numbers(24))
    world.close()
  })
})

describe('a damaged file', () => {
  it('is found, reported and gone round; the rest still answers', async () => {
    const world = await lakeWorld()
    world.clock.now = T0 + 4 * DAY
    await world.write(copies(3))
    await world.repair()
    await world.keeper.round()
    const { path } = world.store.lakeFiles().find((f) => f.kind === 'readings' && f.day === dayOf(T0) + 1)!
    const file = join(world.lakeDir, path)
    const whole = readFileSync(file)
    writeFileSync(file, Buffer.alloc(whole.length, 0xff))
    const answer = await ask(world)
    expect(answer.series[0]!.readings!.map((r) => r.value)).toEqual(
      numbers(72).filter((i) => i < 24 || i >= 48),
    )
    expect(answer.missing).toEqual([{ from: T0 + DAY, to: T0 + 2 * DAY, reason: 'damaged' }])
    expect(world.damaged).toEqual([path])
    await world.keeper.round()
    expect(world.store.lakeDamaged()).toEqual({ files: 1, path })
    // What comes late for that day is sealed beside it, its windows wait, and nothing of it is lost.
    await world.write([
      { thing: 'a', measure: 't', at: T0 + DAY + 1000, value: 99, receivedAt: T0 + 5 * DAY },
    ])
    await world.repair()
    expect(await world.keeper.round()).toMatchObject({ sealed: 1, rows: 1 })
    expect((await values(world)).filter((v) => v >= 24 && v < 48)).toEqual([])
    expect(await values(world)).toContain(99)
    // Put back, it counts again after the next look at it.
    writeFileSync(file, whole)
    utimesSync(file, 2e9, 2e9) // within the same second the engine would take it for the file that it has read
    await world.keeper.round()
    expect(world.store.lakeDamaged().files).toBe(0)
    await world.keeper.round()
    const healed = await ask(world)
    expect(healed.missing).toEqual([])
    expect(healed.series[0]!.readings!.map((r) => r.value)).toEqual([
      ...numbers(25),
      99,
      ...numbers(72).slice(25),
    ])
    world.close()
  })

  it('keeps its windows from being rolled up without it', async () => {
    const world = await lakeWorld()
    world.clock.now = T0 + 2 * DAY
    await world.write(copies(1))
    await world.repair()
    await world.keeper.round()
    const daily = async () =>
      (await ask(world, { to: T0 + DAY, resolution: 'auto', stepMs: DAY })).series[0]!.moments!.map(
        (m) => m.n,
      )
    expect(await daily()).toEqual([24])
    const { path } = world.store.lakeFiles().find((f) => f.kind === 'windows')!
    const whole = readFileSync(join(world.lakeDir, path))
    writeFileSync(join(world.lakeDir, path), 'no Parquet')
    await world.keeper.round()
    await world.write([{ thing: 'a', measure: 't', at: T0 + 1000, value: 99, receivedAt: T0 + 5 * DAY }])
    await world.repair()
    await world.keeper.round()
    writeFileSync(join(world.lakeDir, path), whole)
    await world.keeper.round()
    await world.keeper.round()
    expect(await daily()).toEqual([25])
    expect((await ask(world, { to: T0 + DAY, stepMs: DAY, resolution: 'auto' })).plan.steps[0]!.source).toBe(
      'day',
    )
    world.close()
  })
})

describe('expiry', () => {
  const week: RetentionPolicy = {
    ...defaultRetention,
    classes: [
      { name: 'default', measures: [], days: { readings: 4, windows: 14, quarters: 3660, days: 7320 } },
      {
        name: 'fast',
        measures: ['vibration'],
        days: { readings: 2, windows: 14, quarters: 3660, days: 7320 },
      },
    ],
  }

  it('takes raw before windows, class by class, at most two days’ data a day', async () => {
    const world = await lakeWorld({ policy: () => week })
    world.clock.now = T0 + 6 * DAY + 3 * HOUR
    await world.write([...copies(6), ...copies(6, { measure: 'vibration@x' })])
    await world.repair()
    await world.keeper.round()
    const kept = async () =>
      Object.fromEntries((await ask(world)).series.map((s) => [s.measure, (s.readings![0]!.at - T0) / DAY]))
    expect(await kept()).toEqual({ t: 2, 'vibration@x': 2 })
    await world.keeper.round()
    expect(await kept()).toEqual({ t: 2, 'vibration@x': 2 })
    world.clock.now += DAY
    await world.keeper.round()
    expect(await kept()).toEqual({ t: 3, 'vibration@x': 4 })
    const minutes = await ask(world, { resolution: 'minute' })
    expect(minutes.series[0]!.moments![0]!.at).toBe(T0)
    expect((await ask(world, { measures: ['t'] })).missing).toEqual([
      { from: T0, to: T0 + 3 * DAY, reason: 'expired' },
    ])
    world.close()
  })

  it('costs at most two days when the clock jumps to 2038, and nothing while the jump is in doubt', async () => {
    const world = await lakeWorld({ policy: () => week })
    world.clock.now = T0 + 4 * DAY + 3 * HOUR
    await world.write(copies(4))
    await world.keeper.round()
    world.clock.now = Date.UTC(2038, 0, 19, 3, 14, 7)
    world.clock.inDoubt = true
    expect(await world.keeper.round()).toMatchObject({ skipped: 'the clock is in doubt', expired: 0 })
    expect(await values(world)).toEqual(numbers(96))
    world.clock.inDoubt = false
    for (let i = 0; i < 3; i++) await world.keeper.round()
    expect((await values(world)).length).toBeGreaterThanOrEqual(48)
    world.close()
  })
})

describe('tiers and months', () => {
  it('moves days hot → warm → cold and merges months, and answers all the same', async () => {
    const world = await lakeWorld({
      policy: () => ({ ...defaultRetention, warmAfterDays: 3, coldAfterDays: 8 }),
    })
    // Two whole months, few days of them with readings.
    const days = [0, 1, 20, 33, 36, 39]
    const all = days.flatMap((day) =>
      copies(1).map((c) => ({ ...c, at: c.at + day * DAY, receivedAt: c.receivedAt + day * DAY })),
    )
    world.clock.now = T0 + 41 * DAY + 3 * HOUR
    await world.write(all)
    await world.repair()
    const before = await ask(world, { resolution: 'auto', stepMs: DAY })
    await world.keeper.round()
    const files = world.store.lakeFiles()
    expect(new Set(files.map((f) => f.tier))).toEqual(new Set(['hot', 'warm', 'cold']))
    expect(files.filter((f) => f.tier === 'cold').every((f) => f.path.startsWith('cold/'))).toBe(true)
    expect(
      files
        .filter((f) => f.stage === 'month')
        .map((f) => f.kind)
        .sort(),
    ).toEqual(['days', 'days', 'quarters', 'quarters'])
    expect(lakeFiles(world).length).toBe(
      files.length +
        world.db
          .prepare('SELECT count(*) AS n FROM lake_garbage')
          .all()
          .map((r) => Number(r['n']))[0]!,
    )
    const answer = await ask(world, { resolution: 'auto', stepMs: DAY })
    expect(answer.tiersUsed).toEqual(['hot', 'warm', 'cold'])
    expect(answer.plan.steps.map((s) => s.source)).toEqual(['day'])
    expect(before.series[0]!.moments).toMatchObject(answer.series[0]!.moments!)
    // A late reading in a merged month: its day is answered from minutes, then merged again.
    await world.write([{ thing: 'a', measure: 't', at: T0 + 1000, value: 500, receivedAt: T0 + 50 * DAY }])
    for (let i = 0; i < 2; i++) {
      await world.repair()
      const late = await ask(world, { resolution: 'auto', stepMs: DAY })
      expect(late.series[0]!.moments![0]).toMatchObject({ at: T0, n: 25, max: 500 })
      expect(late.series[0]!.moments).toHaveLength(days.length)
      await world.keeper.round()
    }
    expect((await ask(world, { resolution: 'auto', stepMs: DAY })).plan.steps.map((s) => s.source)).toEqual([
      'day',
    ])
    world.close()
  }, 20_000)
})
