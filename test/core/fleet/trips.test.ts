import { describe, expect, it } from 'vitest'
import { initialPosition, takePosition } from '../../../src/core/fleet/position-filter.ts'
import { currentTrip, initialTrip, takeTrip, type Stop, type Trip } from '../../../src/core/fleet/trips.ts'
import { readDrives } from '../../fixtures/drives/read-drives.ts'

function fold(rows: Iterable<{ lat: number; lon: number; at: number }>) {
  const [position, trip] = [initialPosition(), initialTrip()]
  const found: (Trip | Stop)[] = []
  for (const { lat, lon, at } of rows) {
    const before = { ...position }
    if (takePosition(position, lat, lon, at) === 'accepted') found.push(...takeTrip(trip, before, position))
  }
  return { trip, found, closed: found.filter((f): f is Trip => f.kind === 'trip' && !f.open) }
}
const T0 = Date.UTC(2026, 0, 5)
/** Drives north at 10 m/s, second by second; stands where `speeds` says 0. */
function* drive(phases: [seconds: number, speed: number][]) {
  let [second, metres] = [0, 0]
  for (const [seconds, speed] of phases)
    for (let i = 0; i < seconds; i += 1) {
      metres += speed
      yield { lat: metres / 111_195, lon: 0, at: T0 + second++ * 1000 }
    }
}

describe('takeTrip', () => {
  it('cuts concatenated rows into exactly the drives that they were', () => {
    const rows = readDrives()
    const drives = [...new Set(rows.map((row) => row.drive))]
    const { closed, trip, found } = fold(rows)
    const ofDrive = (drive: string) => rows.filter((row) => row.drive === drive)
    expect(closed.map(({ at, until }) => [at, until])).toEqual(
      drives.slice(0, -1).map((drive) => [ofDrive(drive)[0]!.at, ofDrive(drive).at(-1)!.at]),
    )
    expect(currentTrip(trip)).toBe(ofDrive(drives.at(-1)!)[0]!.at)
    expect(found.filter((f) => f.kind === 'stop' && !f.open)).toHaveLength(drives.length - 1)
  })

  it('goes on through a red light and ends after a long stand, at the last motion', () => {
    const light = fold(
      drive([
        [60, 10],
        [300, 0],
        [60, 10],
      ]),
    )
    expect(light.closed).toHaveLength(0)
    const stop = fold(
      drive([
        [60, 10],
        [700, 0],
        [60, 10],
      ]),
    )
    expect(stop.closed).toHaveLength(1)
    expect(stop.closed[0]!.until).toBe(T0 + 59_000)
    expect(stop.closed[0]!.distanceM).toBeCloseTo(590, -1)
    expect(stop.closed[0]!.idleS).toBeLessThan(10)
    const [, next] = stop.found.filter((f) => f.kind === 'trip' && f.open)
    expect(next!.at).toBeGreaterThan(T0 + 750_000)
    expect(stop.found.filter((f) => f.kind === 'stop').map((f) => f.open)).toEqual([true, false])
  })

  it('does not take a drifting parked receiver for a trip', () => {
    const jitter = Array.from({ length: 3600 }, (_, i) => ({
      lat: Math.sin(i / 7) * 4e-5,
      lon: Math.cos(i / 11) * 4e-5,
      at: T0 + i * 1000,
    }))
    expect(fold(jitter).found).toEqual([])
  })
})
