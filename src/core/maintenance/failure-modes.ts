export type Machine = 'motor' | 'pump' | 'compressor' | 'vehicle'

/** A sign of a failure mode: a measure that goes high or low, and how much it says; a negative weight speaks against it. */
interface Symptom {
  measure: RegExp
  goes: 'high' | 'low' | 'unsteady'
  weight: number
}

/** A row of the failure mode and effects table (IEC 60812), with symptoms after ISO 13379-1 and ISO 17359 annex B. */
export interface FailureMode {
  id: string
  machine: Machine
  component: string
  mode: string
  symptoms: readonly Symptom[]
  action: string
  /** Hours within which to act once it is found. */
  actWithinHours: number
  /** Consequence from 1 (none) to 10 (danger to people). */
  severity: number
}

const high = (measure: RegExp, weight = 1): Symptom => ({ measure, goes: 'high', weight })
const low = (measure: RegExp, weight = 1): Symptom => ({ measure, goes: 'low', weight })
const unsteady = (measure: RegExp, weight = 1): Symptom => ({ measure, goes: 'unsteady', weight })
/** What another mode would show: it speaks against this one. */
const not = ({ weight, ...symptom }: Symptom): Symptom => ({ ...symptom, weight: -weight })

const vibration = /^(vibration|acceleration)/
const bearingHeat = /^(temperature@bearing|bearing_temperature)/
const current = /^(current|motor_current)/
const speed = /^(speed|rpm)/
/** What a machine's only temperature or pressure is, if it does not say. */
const winding = /^(temperature$|temperature@winding|winding_temperature)/
const housing = /^(temperature$|temperature@(bearing|housing)|bearing_temperature)/
const flow = /^flow/
const suction = /^(pressure@(suction|inlet)|suction_pressure)/
const discharge = /^(pressure$|pressure@(discharge|outlet)|discharge_pressure)/
const dischargeHeat = /^(temperature$|temperature@(discharge|outlet)|discharge_temperature)/
const oilHeat = /^(temperature@oil|oil_temperature)/
const oilPressure = /^(pressure@oil|oil_pressure)/
const coolant = /^(coolant|temperature@coolant)/
const voltage = /^(voltage@battery|battery_voltage|voltage$)/

type Row = [
  id: string,
  component: string,
  mode: string,
  symptoms: Symptom[],
  action: string,
  hours: number,
  severity: number,
]

const rows: Record<Machine, Row[]> = {
  motor: [
    [
      'motor.bearing',
      'bearing',
      'bearing wear',
      [high(vibration, 2), high(bearingHeat, 2), not(high(current))],
      'regrease, measure the bearing’s spectrum, replace the bearing if its defect frequencies stand out',
      72,
      7,
    ],
    [
      'motor.imbalance',
      'rotor',
      'imbalance or misalignment',
      [high(vibration, 3), not(high(bearingHeat, 2)), not(high(current))],
      'check foot bolts and alignment, balance the rotor',
      168,
      5,
    ],
    [
      'motor.cooling',
      'cooling path',
      'blocked cooling',
      [high(winding, 3), not(high(current, 2)), not(high(vibration))],
      'clean fan, filter and cooling fins, check that air can leave',
      48,
      6,
    ],
    [
      'motor.phase',
      'supply or stator winding',
      'lost phase or winding fault',
      [high(current, 2), high(winding), high(vibration, 2)],
      'stop; check fuses, contactor and all three phases, measure insulation resistance',
      8,
      8,
    ],
    [
      'motor.overload',
      'drive train',
      'overload',
      [high(current, 2), high(winding), low(speed), not(high(vibration, 2))],
      'reduce load, look for jamming in the driven machine',
      24,
      6,
    ],
  ],
  pump: [
    [
      'pump.cavitation',
      'impeller',
      'cavitation',
      [high(vibration, 2), unsteady(flow, 2), low(flow), low(discharge), low(suction)],
      'raise suction pressure, clean the strainer, check the suction valve',
      24,
      6,
    ],
    [
      'pump.seal',
      'shaft seal',
      'seal leak',
      [low(flow, 2), low(discharge, 2), high(/^leak|^moisture/, 2), not(high(vibration, 2))],
      'replace the shaft seal, check the flush',
      48,
      7,
    ],
    [
      'pump.bearing',
      'bearing',
      'bearing wear',
      [high(vibration, 2), high(housing), not(low(flow, 2))],
      'change the oil, replace the bearing at the next stop',
      72,
      7,
    ],
    [
      'pump.wear',
      'impeller and wear rings',
      'internal wear',
      [low(flow, 2), low(discharge), high(current, 2), not(high(vibration))],
      'measure the curve, replace impeller or wear rings',
      336,
      4,
    ],
    [
      'pump.clog',
      'pipe or filter',
      'clogging',
      [low(flow, 2), high(discharge, 2)],
      'clean the filter, open the valves',
      24,
      4,
    ],
  ],
  compressor: [
    [
      'compressor.valve',
      'valve',
      'valve leak',
      [high(dischargeHeat, 2), low(discharge, 2), low(flow), not(high(oilHeat))],
      'inspect and replace suction and discharge valves',
      72,
      6,
    ],
    [
      'compressor.cooler',
      'cooler',
      'fouled cooler',
      [high(dischargeHeat), high(oilHeat, 2), not(high(vibration, 2)), not(low(discharge))],
      'clean the cooler, check the fan and the coolant',
      72,
      5,
    ],
    [
      'compressor.filter',
      'intake filter',
      'clogged filter',
      [low(suction, 2), low(flow)],
      'replace the intake filter',
      168,
      3,
    ],
    [
      'compressor.bearing',
      'bearing',
      'bearing wear',
      [high(vibration, 3), high(/^(temperature@(oil|bearing)|oil_temperature|bearing_temperature)/)],
      'analyse the oil, replace bearings',
      72,
      8,
    ],
    [
      'compressor.lubrication',
      'oil system',
      'poor lubrication',
      [low(oilPressure, 2), high(oilHeat)],
      'stop, check the oil level, pump and filter',
      4,
      9,
    ],
    [
      'compressor.leak',
      'air network',
      'leak behind the compressor',
      [low(discharge, 2), high(current), not(high(dischargeHeat, 2))],
      'walk the network with an ultrasonic detector, close what is not in use',
      168,
      3,
    ],
  ],
  vehicle: [
    [
      'vehicle.cooling',
      'cooling system',
      'overheating',
      [high(coolant, 2), low(/^coolant_level/)],
      'check coolant level, thermostat, fan and pump',
      8,
      8,
    ],
    [
      'vehicle.battery',
      'battery or alternator',
      'charging fault',
      [low(voltage, 2)],
      'test battery and alternator, replace what fails',
      48,
      5,
    ],
    [
      'vehicle.lubrication',
      'engine oil',
      'low oil pressure',
      [low(oilPressure, 2), high(oilHeat)],
      'stop the engine, check the oil level and pump',
      1,
      9,
    ],
    [
      'vehicle.fuel',
      'fuel system',
      'poor mixture',
      [high(/^(fuel_trim|fuel_rate|fuel_consumption)/, 2), low(/^power/, 0.5)],
      'check injectors, filter and oxygen sensor',
      168,
      4,
    ],
    [
      'vehicle.brake',
      'brakes',
      'brake wear',
      [low(/^brake_pad/, 2), high(/^(temperature@brake|brake_temperature)/)],
      'replace pads and check discs',
      24,
      9,
    ],
    [
      'vehicle.tyre',
      'tyres',
      'pressure loss',
      [low(/^(pressure@tyre|pressure@tire|tyre_pressure|tire_pressure)/, 2)],
      'inflate, find the puncture',
      8,
      7,
    ],
  ],
}

export const failureModes: readonly FailureMode[] = Object.entries(rows).flatMap(([machine, list]) =>
  list.map(([id, component, mode, symptoms, action, actWithinHours, severity]) => ({
    id,
    machine: machine as Machine,
    component,
    mode,
    symptoms,
    action,
    actWithinHours,
    severity,
  })),
)
