import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '../../../src/core/device/profile.ts'
import {
  emptyState,
  openState,
  storedState,
  type DeviceState,
} from '../../../src/core/telemetry/device-state.ts'
import { layoutOf } from '../../../src/core/telemetry/layout.ts'
import { column, Quality, qualityNames, type ReadingBatch } from '../../../src/core/telemetry/reading.ts'
import type { Effect, Fact } from '../../../src/core/telemetry/stage.ts'
import { trackFold } from '../../../src/pipeline/jobs/track-fold.ts'
import { driver } from '../../../src/pipeline/stages/driver.ts'
import { fuel, readFuel } from '../../../src/pipeline/stages/fuel.ts'
import { position, readPosition } from '../../../src/pipeline/stages/position.ts'
import { trips } from '../../../src/pipeline/stages/trips.ts'
import { vehicleSettings } from '../../../src/pipeline/stages/vehicle-settings.ts'
import { readDrives } from '../../fixtures/drives/read-drives.ts'

const stages = [position, trips, fuel, driver]
const layout = layoutOf(250, stages)
const bound = stages.map((stage) => stage.bind(layout))
const profileOf = (attributes: Record<string, string> = {}): DeviceProfile => ({
  version: 1,
  device: { thing: 'v1', trade: 'fleet', type: 'vehicle', status: 'active', attributes },
  type: { name: 'vehicle', trade: 'fleet', version: 1, measures: {} },
  learned: {},
})
type Rows = { at: number; [measure: string]: number }[]
const T0 = Date.UTC(2026, 0, 5, 12)

function batchOf(rows: Rows, measures: string[]): ReadingBatch {
  const at = Float64Array.from(rows, (row) => row.at)
  const columns = measures.map((measure) => {
    const made = column(
      measure,
      at,
      Float64Array.from(rows, (row) => row[measure] ?? NaN),
    )
    made.advancing.fill(1)
    return made
  })
  return { thing: 'v1', lane: 'telemetry', receivedAt: at.at(-1)!, position: 1n, columns }
}

/** Feeds rows in batches of the given sizes; the state goes through its stored bytes between them. */
function feed(rows: Rows, sizes: number[], attributes?: Record<string, string>) {
  const profile = profileOf(attributes)
  const measures = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'at')
  let state: DeviceState = emptyState('v1', layout)
  const effects: Effect[] = []
  for (let from = 0, k = 0; from < rows.length; k += 1) {
    const part = rows.slice(from, from + sizes[k % sizes.length]!)
    from += part.length
    const batch = batchOf(part, measures)
    const context = { receivedAt: batch.receivedAt, position: 1n, profile, dirty: new Set<number>() }
    for (const stage of bound) effects.push(...stage.step(state, batch, context))
    state = openState(storedState(state), [layout])
  }
  const facts = new Map<string, Omit<Fact, 'version'>>()
  for (const effect of effects)
    if (effect.kind === 'fact') {
      const { version: _version, ...fact } = effect.fact
      facts.set(`${fact.type}/${fact.key}`, fact)
    }
  return { state, effects, facts, profile }
}

const driven: Rows = readDrives().map(({ at, lat, lon, accelX, accelY }, i) => ({
  at,
  latitude: lat,
  longitude: lon,
  accelX,
  accelY,
  fuelLevel: Math.max(5, 60 - i / 40),
}))
const whole = feed(driven, [driven.length])

describe('the fleet stages', () => {
  it('find the same trips, events, alarms and state however the rows are cut into batches', () => {
    const changes = (effects: Effect[]) =>
      effects.filter((e) => e.kind === 'transition' || e.kind === 'command')
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const cut = feed(driven, sizes)
        expect(cut.state.bytes).toEqual(whole.state.bytes)
        expect(changes(cut.effects)).toEqual(changes(whole.effects))
        expect(Object.fromEntries(cut.facts)).toEqual(Object.fromEntries(whole.facts))
      }),
      { seed: 4, numRuns: 12 },
    )
  })

  it('find a trip for each drive, with its risk', () => {
    const ofType = (type: string) => [...whole.facts.values()].filter((fact) => fact.type === type)
    expect(ofType('trip')).toHaveLength(new Set(readDrives().map((row) => row.drive)).size)
    expect(ofType('harsh').length).toBeGreaterThan(5)
    for (const { value } of ofType('tripRisk')) {
      expect(value['risk']).toBeGreaterThan(0)
      expect(value['risk']).toBeLessThan(1)
    }
  })

  it('keep a vehicle’s device-wide state small', () => {
    expect(layout.headerBytes).toBeLessThanOrEqual(424)
  })

  it('warn once of low fuel, with the range', () => {
    const low = whole.effects.filter((e) => e.kind === 'transition' && e.transition.rule === 'fuel-low')
    expect(low).toHaveLength(1)
    expect(
      readFuel(layout)(whole.state, vehicleSettings(whole.profile.device).fuel)!.rangeKm,
    ).toBeGreaterThan(0)
  })

  it('raise an alarm and alert the cab for a driver who keeps braking hard, and calm down with careful distance', () => {
    const rows: Rows = Array.from({ length: 6000 }, (_, i) => ({
      at: T0 + i * 1000,
      latitude: (i * 20) / 111_195,
      longitude: 0.001,
      accelX: i > 100 && i < 180 && i % 10 === 0 ? -0.7 : 0,
      accelY: 0,
    }))
    const { effects } = feed(rows, [60])
    const turns = effects.flatMap((e) => (e.kind === 'transition' ? [e.transition] : []))
    expect(turns.map(({ rule, to }) => `${rule} ${to}`)).toEqual(['driver-risk active', 'driver-risk clear'])
    expect(turns[0]!.why.text).toMatch(/hard braking/)
    expect(turns[1]!.at).toBeGreaterThan(turns[0]!.at)
    const commands = effects.flatMap((e) => (e.kind === 'command' ? [e.command] : []))
    expect(commands).toMatchObject([{ name: 'cab-alert', atMostOnce: true, thing: 'v1' }])
  })

  it('judge by speed where there is no IMU, by the limit where there is one', () => {
    const rows: Rows = Array.from({ length: 600 }, (_, i) => ({
      at: T0 + i * 1000,
      latitude: (i * 25) / 111_195,
      longitude: 0.001,
      speed: i % 50 === 49 ? 70 : 90,
      speedLimit: 50,
    }))
    const { facts, effects } = feed(rows, [30])
    expect([...facts.values()].some(({ type, value }) => type === 'harsh' && value['kind'] === 'brake')).toBe(
      true,
    )
    const active = effects.find((e) => e.kind === 'transition' && e.transition.to === 'active')
    expect(active).toMatchObject({ transition: { why: { details: { mostly: 'speeding' } } } })
  })

  it('show a silent trip as ended on a tick, once, and go on with it if positions still come', () => {
    const moving = (from: number, n: number): Rows =>
      Array.from({ length: n }, (_, i) => ({
        at: T0 + (from + i) * 1000,
        latitude: ((from + i) * 10) / 111_195,
        longitude: 0.001,
      }))
    const { state, profile } = feed(moving(0, 100), [50])
    const context = { receivedAt: T0 + 400_000, position: 2n, profile, dirty: new Set<number>() }
    const tick = () => bound.flatMap((stage) => stage.tick(state, T0 + 400_000, context))
    const [ended, risk, ...others] = tick()
    expect(others).toEqual([])
    expect(risk).toMatchObject({ kind: 'fact', fact: { type: 'tripRisk', until: T0 + 99_000 } })
    expect(ended).toMatchObject({
      kind: 'fact',
      fact: { type: 'trip', until: T0 + 99_000, value: { open: false } },
    })
    expect(tick()).toEqual([])
    expect(readPosition(layout)(state)).toMatchObject({ at: T0 + 99_000, standing: false, course: 0 })
  })

  it('take no half position and keep a jump as an anomaly', () => {
    const rows: Rows = Array.from({ length: 60 }, (_, i) => ({
      at: T0 + i * 1000,
      latitude: (i * 10) / 111_195,
      longitude: i === 30 ? 0.05 : i === 40 ? NaN : 0.001,
    }))
    const { effects, state } = feed(rows, [20])
    expect(effects.filter((e) => e.kind === 'anomaly').map((e) => e.anomaly.at)).toEqual([T0 + 30_000])
    expect(readPosition(layout)(state)!.odometerM).toBeCloseTo(590, -1)
  })

  it('forget a driver’s record when another takes the wheel', () => {
    const { state, profile } = feed(driven, [500])
    const named = column('driver', Float64Array.of(T0 * 2), Float64Array.of(NaN), ['Ada'])
    named.advancing.fill(1)
    const batch: ReadingBatch = {
      thing: 'v1',
      lane: 'telemetry',
      receivedAt: T0 * 2,
      position: 3n,
      columns: [named],
    }
    const context = { receivedAt: T0 * 2, position: 3n, profile, dirty: new Set<number>() }
    const km = () => state.f32[48 / 4 + layout.device('driver')['km']!]!
    expect(km()).toBeGreaterThan(1)
    for (const stage of bound) stage.step(state, batch, context)
    expect(km()).toBe(0)
  })
})

describe('readings that cannot be', () => {
  it('say nothing of the driver, in the stream or folded again from what was stored', () => {
    const drive = (speed: number, impossible: boolean) => {
      const rows = Array.from({ length: 120 }, (_, i) => ({ at: T0 + i * 1000, latitude: 41 + i * 2e-4, longitude: -96, speed, speedLimit: 50 })) // prettier-ignore
      const state = emptyState('v1', layout)
      const refold = trackFold(profileOf(), T0)
      const facts: string[] = []
      for (const row of rows) {
        const batch = batchOf([row], ['latitude', 'longitude', 'speed', 'speedLimit'])
        if (impossible) batch.columns[2]!.quality[0] = Quality.outOfRange
        const context = { receivedAt: T0, position: 1n, profile: profileOf(), dirty: new Set<number>() }
        for (const stage of bound)
          facts.push(...stage.step(state, batch, context).flatMap((e) => (e.kind === 'transition' ? [e.transition.rule] : []))) // prettier-ignore
        refold.add(batch.columns.map(({ measure, at, value, quality }) => ({ measure, at: at[0]!, value: value[0]!, text: null, quality: qualityNames[quality[0]!]!, receivedAt: T0 }))) // prettier-ignore
      }
      refold.end(T0 + 3_600_000)
      const risks = [...refold.facts.values()].flatMap(({ type, value }) => (type === 'tripRisk' ? [value['speedingS'] as number] : [])) // prettier-ignore
      return { alarms: facts, speedingS: Math.max(0, ...risks) }
    }
    expect(drive(180, false).alarms).toEqual(['driver-risk'])
    expect(drive(180, false).speedingS).toBeGreaterThan(10)
    expect(drive(999, true)).toEqual({ alarms: [], speedingS: 0 })
  })
})
