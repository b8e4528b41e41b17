import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { SimulatedMessage } from '../message.ts'
import { noise, wander } from '../process.ts'
import { createRandom, type Random } from '../random.ts'
import { vehicleDrive, type VehicleLabel } from './drive.ts'
import type { FleetScenario, SimulatedVehicle } from './scenario.ts'
import type { Streets } from './streets.ts'

const SAMPLE_MS = 1000
const METRES_PER_DEGREE = 111_195

/**
 * The messages of every vehicle from `start` on, ascending by `sendAt`, without end: a sample a second with what
 * receivers, IMUs and floats add to the truth, which goes to `label`.
 */
export function* fleetMessages(
  scenario: FleetScenario,
  streets: Streets,
  start: EpochMs,
  label: (label: VehicleLabel) => void,
): Generator<SimulatedMessage> {
  const random = createRandom(`${scenario.name}/${scenario.seed}`)
  const senders = scenario.vehicles
    .map((vehicle) => {
      const own = random.fork(vehicle.thing)
      // Vehicles do not send in step; their samples lie on whole seconds.
      const phaseMs = Math.floor((own.fork('phase').uniform() * scenario.messageMs) / SAMPLE_MS) * SAMPLE_MS
      return { phaseMs, next: vehicleMessages(scenario, vehicle, streets, own, start + phaseMs, label) }
    })
    .sort((a, b) => a.phaseMs - b.phaseMs)
  for (;;) for (const sender of senders) yield sender.next()
}

function vehicleMessages(
  scenario: FleetScenario,
  vehicle: SimulatedVehicle,
  streets: Streets,
  random: Random,
  first: EpochMs,
  label: (label: VehicleLabel) => void,
): () => SimulatedMessage {
  const drive = vehicleDrive(vehicle, scenario, streets, random.fork('drive'), label)
  // A receiver's error wanders by a few metres over a minute and jitters by half of one.
  const [north, east] = ['north', 'east'].map((name) => wander(random.fork(name), 2, 60)) as [ReturnType<typeof wander>, ReturnType<typeof wander>] // prettier-ignore
  const jitter = noise(random.fork('jitter'), 0.5)
  const shake = noise(random.fork('shake'), 0.02)
  const slosh = noise(random.fork('slosh'), 0.4)
  const samples = Math.max(1, Math.floor(scenario.messageMs / SAMPLE_MS))
  let sequence = 0

  return () => {
    const at = first + sequence * samples * SAMPLE_MS
    const measures: Record<string, (number | null)[]> = { latitude: [], longitude: [], speed: [], heading: [], accelX: [], accelY: [], fuelRate: [], fuelLevel: [] } // prettier-ignore
    for (let i = 0; i < samples; i++) {
      const t = at + i * SAMPLE_MS
      const m = drive(t)
      const perDegreeEast = METRES_PER_DEGREE * Math.cos((m.lat * Math.PI) / 180)
      const moving = m.speed > 0 ? 1 : 0.1
      measures['latitude']!.push(rounded(m.lat + (north(t, 1) + jitter(t, 1)) / METRES_PER_DEGREE, 7))
      measures['longitude']!.push(rounded(m.lon + (east(t, 1) + jitter(t, 1)) / perDegreeEast, 7))
      measures['speed']!.push(rounded(m.speed, 1))
      measures['heading']!.push(rounded(m.heading, 0) % 360)
      measures['accelX']!.push(rounded(m.accelX + moving * shake(t, 1), 3))
      measures['accelY']!.push(rounded(m.accelY + moving * shake(t, 1), 3))
      measures['fuelRate']!.push(rounded(m.fuelRateLph, 2))
      measures['fuelLevel']!.push(rounded(Math.max(0, m.fuelPercent + moving * slosh(t, 1)), 1))
    }
    return {
      kind: 'message',
      thing: vehicle.thing,
      sendAt: at + (samples - 1) * SAMPLE_MS,
      lane: 'telemetry',
      sequence: sequence++,
      message: { at, step: SAMPLE_MS, measures },
      disorder: [],
    }
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
