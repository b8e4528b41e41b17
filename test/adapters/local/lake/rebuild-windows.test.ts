import { afterEach, describe, expect, it } from 'vitest'
import { rebuildWindows } from '../../../../src/cli/support/rebuild-windows.ts'
import { lakeWorld, type LakeWorld } from './lake-world.ts'

const HOUR = 3_600_000
const T0 = Date.UTC(2026, 2, 28)

describe('rebuildWindows', () => {
  let world: LakeWorld
  afterEach(() => world.close())

  it('leaves a minute alone whose readings lie in the lake, although one came late', async () => {
    world = await lakeWorld()
    const copy = (ms: number, value: number) => ({
      thing: 'a',
      measure: 't',
      at: T0 + ms,
      value,
      receivedAt: T0 + ms,
    })
    await world.write([copy(0, 1), copy(1000, 2)])
    world.clock.now = T0 + 30 * HOUR
    await world.repair()
    await world.keeper.round()
    await world.write([copy(2000, 6), copy(5 * HOUR, 4)])
    await world.repair()
    const count = () =>
      world.db
        .prepare('SELECT minute, n FROM window ORDER BY minute')
        .all()
        .map((row) => ({ ...row }))
    const late = { minute: T0 / 60_000, n: 3 }
    expect(count()).toContainEqual(late)

    const report = rebuildWindows({ dir: world.dir, write: true, onProgress: () => {} })
    expect(report).toMatchObject({ different: 0, missing: 0, sealed: 1, withoutReadings: 0 })
    expect(count()).toContainEqual(late)
  })
})
