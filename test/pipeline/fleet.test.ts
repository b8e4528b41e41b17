import { describe, expect, it } from 'vitest'
import { readDrives } from '../fixtures/drives/read-drives.ts'
import { createHarness, plantDevice, T0 } from '../support/harness.ts'

const rows = readDrives()
const MILE_M = 1609.344
const vehicle = plantDevice('van-1', {
  trade: 'fleet',
  type: 'vehicle',
  attributes: { harshG: '0.35/0.45/0.6' },
})

/** The drives as a tracker sends them: packs of twenty seconds, position and IMU only. */
async function driven() {
  const harness = createHarness([vehicle])
  for (let i = 0; i < rows.length; i += 20) {
    const pack = rows.slice(i, i + 20)
    const column = (pick: (row: (typeof rows)[number]) => number) => pack.map(pick)
    await harness.send({
      topic: 'dt/fleet/van-1/telemetry',
      payload: {
        at: pack[0]!.at,
        offsets: column(({ at }) => at - pack[0]!.at),
        measures: {
          latitude: column(({ lat }) => lat),
          longitude: column(({ lon }) => lon),
          accelX: column(({ accelX }) => accelX),
          accelY: column(({ accelY }) => accelY),
        },
      },
      at: T0 + i,
    })
  }
  await harness.tick(T0 + 3_600_000)
  return harness
}
const harness = await driven()

describe('a vehicle’s records through the whole pipeline', () => {
  const drives = [...Map.groupBy(rows, ({ drive }) => drive).values()]
  const trips = harness.facts('trip')

  it('make one trip a drive, each within its drive', () => {
    expect(harness.quarantine()).toEqual([])
    expect(trips).toHaveLength(drives.length)
    trips.forEach(({ at, until, value }, i) => {
      expect(at).toBeGreaterThanOrEqual(drives[i]![0]!.at)
      expect(until).toBeLessThanOrEqual(drives[i]!.at(-1)!.at)
      expect(value['open']).toBe(false)
    })
  })

  it('measure a drive’s way within five percent', () => {
    trips.forEach(({ value }, i) => {
      const truth = drives[i]!.at(-1)!.distanceM
      if (truth > MILE_M) expect(Math.abs((value['distanceM'] as number) / truth - 1)).toBeLessThan(0.05)
    })
  })

  it('find every harsh second and no other', () => {
    const flagged = rows.filter(({ event }) => event !== null).map(({ at }) => at)
    const harsh = harness.facts('harsh')
    const found = flagged.filter((at) => harsh.some((event) => event.at <= at && at <= event.until))
    expect(flagged.length).toBeGreaterThan(5)
    expect(found).toEqual(flagged)
    expect(harsh.reduce((sum, { value }) => sum + (value['readings'] as number), 0)).toBe(flagged.length)
  })

  it('leave nothing to refold where everything came in order', () => {
    expect(harness.facts('lateTrack')).toEqual([])
  })
})
