export type Machine = 'motor' | 'pump' | 'compressor' | 'vehicle'

/** A sign of a failure mode: a measure that goes high or low, and how much it says. */
interface Symptom {
  measure: RegExp
  goes: 'high' | 'low'
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

const vibration = /^vibration|^acceleration/
const bearingHeat = /^temperature@bearing|bearing_temperature/
const winding = /^temperature@winding|winding_temperature/
const current = /^current|^motor_current/
const flow = /^flow/
const suction = /^pressure@(suction|inlet)|suction_pressure/
const discharge = /^pressure@(discharge|outlet)|discharge_pressure/
const dischargeHeat = /^temperature@(discharge|outlet)|discharge_temperature/
const coolant = /^coolant|^temperature@coolant/
const voltage = /^voltage@battery|^battery_voltage|^voltage$/

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
      [high(vibration, 2), high(bearingHeat)],
      'regrease, measure the bearing’s spectrum, replace the bearing if its defect frequencies stand out',
      72,
      7,
    ],
    [
      'motor.insulation',
      'stator winding',
      'insulation breakdown',
      [high(winding, 2), high(current)],
      'measure insulation resistance, clean the cooling path, rewind or replace',
      48,
      8,
    ],
    [
      'motor.imbalance',
      'rotor',
      'imbalance or misalignment',
      [high(vibration, 2), high(current, 0.5)],
      'check foot bolts and alignment, balance the rotor',
      168,
      5,
    ],
    [
      'motor.overload',
      'drive train',
      'overload',
      [high(current, 2), high(winding), low(/^speed|^rpm/)],
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
      [low(suction, 2), high(vibration), low(flow)],
      'raise suction pressure, clean the strainer, check the suction valve',
      24,
      6,
    ],
    [
      'pump.seal',
      'shaft seal',
      'seal leak',
      [low(discharge), low(flow), high(/^leak|^moisture/, 2)],
      'replace the shaft seal, check the flush',
      48,
      7,
    ],
    [
      'pump.bearing',
      'bearing',
      'bearing wear',
      [high(vibration, 2), high(bearingHeat)],
      'change the oil, replace the bearing at the next stop',
      72,
      7,
    ],
    [
      'pump.wear',
      'impeller and wear rings',
      'internal wear',
      [low(flow, 2), low(discharge), high(current, 0.5)],
      'measure the curve, replace impeller or wear rings',
      336,
      4,
    ],
    [
      'pump.clog',
      'pipe or filter',
      'clogging',
      [low(flow, 2), high(discharge)],
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
      [high(dischargeHeat, 2), low(discharge)],
      'inspect and replace suction and discharge valves',
      72,
      6,
    ],
    [
      'compressor.cooler',
      'cooler',
      'fouled cooler',
      [high(dischargeHeat), high(/^temperature@oil|oil_temperature/, 2)],
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
      [high(vibration, 2), high(bearingHeat)],
      'analyse the oil, replace bearings',
      72,
      8,
    ],
    [
      'compressor.lubrication',
      'oil system',
      'poor lubrication',
      [low(/^pressure@oil|oil_pressure/, 2), high(/^temperature@oil|oil_temperature/)],
      'stop, check the oil level, pump and filter',
      4,
      9,
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
      [low(/^pressure@oil|oil_pressure/, 2), high(/^temperature@oil|oil_temperature/)],
      'stop the engine, check the oil level and pump',
      1,
      9,
    ],
    [
      'vehicle.fuel',
      'fuel system',
      'poor mixture',
      [high(/^fuel_trim|fuel_rate|fuel_consumption/, 2), low(/^power/, 0.5)],
      'check injectors, filter and oxygen sensor',
      168,
      4,
    ],
    [
      'vehicle.brake',
      'brakes',
      'brake wear',
      [low(/^brake_pad/, 2), high(/^temperature@brake|brake_temperature/)],
      'replace pads and check discs',
      24,
      9,
    ],
    [
      'vehicle.tyre',
      'tyres',
      'pressure loss',
      [low(/^pressure@tyre|^pressure@tire|tyre_pressure|tire_pressure/, 2)],
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

export interface Deviation {
  /** `<measure>.<statistic>.<horizon>` as features are named, or a bare measure. */
  feature: string
  sigmas: number
}

export interface Diagnosis {
  mode: FailureMode
  /** Share of the mode's symptoms that are there, by weight: 0 to 1. */
  support: number
  evidence: Deviation[]
}

/** Deviation at which a symptom counts in full. */
const CLEAR_SIGMAS = 4
const MIN_SUPPORT = 0.25

/** Modes of the machine that the deviations speak for, best supported first, the graver one first among equals. */
export function diagnose(machine: Machine, deviations: readonly Deviation[]): Diagnosis[] {
  const levels = deviations.filter(({ feature }) =>
    /^[^.]+$|\.(mean|max|min|ewmaDifference|loadResidual)\./.test(feature),
  )
  return failureModes
    .filter((mode) => mode.machine === machine)
    .map((mode) => diagnosisOf(mode, levels))
    .filter(({ support }) => support >= MIN_SUPPORT)
    .sort((a, b) => b.support - a.support || b.mode.severity - a.mode.severity)
}

function diagnosisOf(mode: FailureMode, deviations: readonly Deviation[]): Diagnosis {
  let support = 0
  let total = 0
  const evidence: Deviation[] = []
  for (const { measure, goes, weight } of mode.symptoms) {
    total += weight
    const signed = (d: Deviation) => (goes === 'high' ? d.sigmas : -d.sigmas)
    const [strongest] = deviations
      .filter((d) => measure.test(d.feature))
      .sort((a, b) => signed(b) - signed(a))
    if (!strongest || signed(strongest) < 2) continue // what healthy machines show too
    support += weight * Math.min(1, signed(strongest) / CLEAR_SIGMAS)
    evidence.push(strongest)
  }
  return { mode, support: support / total, evidence }
}
