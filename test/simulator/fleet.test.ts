import { describe, expect, it } from 'vitest'
import type { VehicleLabel } from '../../simulator/fleet/drive.ts'
import { fleetMessages } from '../../simulator/fleet/fleet.ts'
import { parseFleetScenario } from '../../simulator/fleet/scenario.ts'
import { scoreFleet, type FleetFinding } from '../../simulator/fleet/score.ts'
import { gridStreets } from '../../simulator/fleet/streets.ts'
import type { SimulatedMessage } from '../../simulator/message.ts'
import { createHarness, plantDevice, T0 } from '../support/harness.ts'

const scenario = parseFleetScenario({
  trade: 'fleet',
  name: 'test',
  seed: 5,
  driveMinutes: 5,
  standMinutes: 12,
  vehicles: [
    { thing: 'car-1', harshPerHour: 40, fuelLevel: 20 },
    { thing: 'truck-1', vehicleClass: 'heavy', tankL: 300, harshPerHour: 20 },
  ],
})

function run(seconds: number) {
  const labels: VehicleLabel[] = []
  const messages: SimulatedMessage[] = []
  for (const message of fleetMessages(
    scenario,
    gridStreets(48.1, 11.5),
    T0,
    (label) => void labels.push(label),
  )) {
    if (message.sendAt >= T0 + seconds * 1000) return { labels, messages }
    messages.push(message)
  }
  throw new Error('a fleet does not end')
}

describe('fleetMessages', () => {
  it('gives the same messages and truth for the same seed, ascending', () => {
    const [one, two] = [run(600), run(600)]
    expect(two).toEqual(one)
    const times = one.messages.map(({ sendAt }) => sendAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('makes a fleet whose trips, harsh events and refuels the pipeline finds', async () => {
    const { labels, messages } = run(7200)
    const harness = createHarness([
      plantDevice('car-1', { trade: 'fleet', type: 'vehicle' }),
      plantDevice('truck-1', {
        trade: 'fleet',
        type: 'vehicle',
        attributes: { vehicleClass: 'heavy', tankL: '300' },
      }),
    ])
    for (const { thing, sendAt, message } of messages)
      await harness.send({ topic: `dt/fleet/${thing}/telemetry`, payload: message, at: sendAt })
    const findings = (['trip', 'harsh', 'refuel'] as const).flatMap((kind) =>
      harness
        .facts(kind)
        .flatMap(({ thing, at, until, value }): FleetFinding[] =>
          value['open'] === true
            ? []
            : [{ thing, kind, at, until, ...(kind === 'trip' && { metres: value['distanceM'] as number }) }],
        ),
    )
    const ended = T0 + 7_200_000 - 660_000
    const score = scoreFleet(labels.filter((label) => label.kind !== 'trip' || label.until < ended), findings) // prettier-ignore
    expect(score.trip).toMatchObject({ falseFindings: 0 })
    expect(score.trip.found).toBe(score.trip.truth)
    expect(score.trip.truth).toBeGreaterThan(4)
    expect(score.harsh.found).toBe(score.harsh.truth)
    expect(score.harsh.falseFindings).toBe(0)
    expect(score.refuel).toMatchObject({ found: score.refuel.truth, falseFindings: 0 })
    expect(score.distance.worstPercent).toBeLessThan(8)
  })
})

describe('scoreFleet', () => {
  it('counts a finding for one label at most', () => {
    const label = (from: number): VehicleLabel => ({ kind: 'harsh', thing: 'a', from, until: from, manoeuvre: 'brake', g: 0.5 }) // prettier-ignore
    const finding: FleetFinding = { thing: 'a', kind: 'harsh', at: 1000, until: 1000 }
    const score = scoreFleet([label(900), label(1100)], [finding, { ...finding, thing: 'b' }])
    expect(score.harsh).toEqual({ truth: 2, found: 1, findings: 2, falseFindings: 1 })
  })
})

describe('parseFleetScenario', () => {
  it('says what is wrong and where', () => {
    const parse = (vehicles: unknown) => () => parseFleetScenario({ trade: 'fleet', name: 'x', vehicles })
    expect(parse([])).toThrow('vehicles is empty')
    expect(parse([{ thing: 'a' }, { thing: 'a' }])).toThrow('two have the same name')
    expect(parse([{ thing: 'a', vehicleClass: 'ship' }])).toThrow('vehicles[0].vehicleClass')
  })
})
