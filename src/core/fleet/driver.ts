import type { EpochMs } from '../telemetry/reading.ts'

export type VehicleClass = 'car' | 'van' | 'heavy'
export type HarshKind = 'accelerate' | 'brake' | 'corner'
type HarshSeverity = 'low' | 'medium' | 'high'
const harshKinds: readonly HarshKind[] = ['accelerate', 'brake', 'corner']
const harshSeverities: readonly HarshSeverity[] = ['low', 'medium', 'high']

/** From how many g an acceleration is harsh, and in which degree. */
type Tiers = Readonly<Record<HarshSeverity, number>>
export type HarshProfile = Readonly<Record<HarshKind, Tiers>>

const alike = (low: number, medium: number, high: number): HarshProfile => {
  const tiers = { low, medium, high }
  return { accelerate: tiers, brake: tiers, corner: tiers }
}

/**
 * Thresholds by vehicle class. Car: in the middle of what telematics vendors publish (0.35–0.38 g); van and heavy in
 * the ratio of the field's defaults of 3.5, 3.0 and 2.0 m/s² (peers-and-methods 4.3).
 */
export const harshProfiles: Readonly<Record<VehicleClass, HarshProfile>> = {
  car: alike(0.35, 0.45, 0.6),
  van: alike(0.3, 0.39, 0.51),
  heavy: alike(0.2, 0.26, 0.34),
}

/** "0.35/0.45/0.6" for all kinds alike; null if it is not three rising numbers. */
export function parseHarshProfile(text: string): HarshProfile | null {
  const tiers = text.split('/').map(Number)
  const [low, medium, high] = tiers
  if (tiers.length !== 3 || low === undefined || medium === undefined || high === undefined) return null
  return low > 0 && medium > low && high > medium ? alike(low, medium, high) : null
}

const STANDARD_GRAVITY = 9.80665
/** Harsh readings no further apart than this share one event: consecutive seconds at 1 Hz. */
const SAME_EVENT_MS = 1500
/** Readings are decimal; a limit that was met exactly must not be missed by a rounding. */
const EPSILON = 1e-6

/** The event that is going on. All zero: there has been none. */
export interface HarshState {
  eventAt: EpochMs
  eventLastAt: EpochMs
  eventPeak: number
  /** Index into harshKinds and harshSeverities. */
  eventKind: number
  eventSeverity: number
  eventReadings: number
}

export const harshFields = {
  eventAt: 'f64',
  eventLastAt: 'f64',
  eventPeak: 'f32',
  eventKind: 'u32',
  eventSeverity: 'u32',
  eventReadings: 'u32',
} as const

export const initialHarsh = (): HarshState => ({
  eventAt: 0,
  eventLastAt: 0,
  eventPeak: 0,
  eventKind: 0,
  eventSeverity: 0,
  eventReadings: 0,
})

export interface HarshEvent {
  /** Start of the event: its identity. */
  at: EpochMs
  until: EpochMs
  kind: HarshKind
  severity: HarshSeverity
  /** Largest acceleration on the axis that decided, in g, with its sign. */
  peakG: number
  readings: number
  /** What this reading added to the event's weight: the first reading all, a worse one the difference, others 0. */
  addedWeight: number
}

/** A worse event weighs more in the risk. */
const severityWeights: Readonly<Record<HarshSeverity, number>> = { low: 1, medium: 2, high: 4 }

interface Harshness {
  kind: number
  severity: number
  g: number
}

/** Judges one reading: x is forward (braking is negative), y sideways, in g; NaN where not measured. Null if not harsh. */
function judgeAcceleration(x: number, y: number, profile: HarshProfile): Harshness | null {
  const alongKind = x < 0 ? 1 : 0
  const along = severityOf(Math.abs(x), profile[harshKinds[alongKind]!])
  const across = severityOf(Math.abs(y), profile.corner)
  if (along < 0 && across < 0) return null
  const relative = (g: number, kind: HarshKind): number =>
    Number.isNaN(g) ? -1 : Math.abs(g) / profile[kind].low
  return relative(x, harshKinds[alongKind]!) >= relative(y, 'corner')
    ? { kind: alongKind, severity: Math.max(along, across), g: x }
    : { kind: 2, severity: Math.max(along, across), g: y }
}

const severityOf = (g: number, tiers: Tiers): number =>
  g >= tiers.high - EPSILON ? 2 : g >= tiers.medium - EPSILON ? 1 : g >= tiers.low - EPSILON ? 0 : -1

/** Takes one reading in order of time; gives the event that it starts or goes on with, null if it is not harsh. */
export function takeAcceleration(
  s: HarshState,
  at: EpochMs,
  x: number,
  y: number,
  profile: HarshProfile,
): HarshEvent | null {
  const harsh = judgeAcceleration(x, y, profile)
  if (!harsh) return null
  const goesOn = s.eventReadings > 0 && at - s.eventLastAt <= SAME_EVENT_MS
  const weight = (severity: number): number => severityWeights[harshSeverities[severity]!]
  const before = goesOn ? weight(s.eventSeverity) : 0
  if (!goesOn) {
    s.eventAt = at
    s.eventReadings = 0
    s.eventPeak = 0
    s.eventSeverity = 0
  }
  s.eventReadings += 1
  s.eventLastAt = at
  if (Math.abs(harsh.g) > Math.abs(s.eventPeak)) {
    s.eventPeak = Math.fround(harsh.g)
    s.eventKind = harsh.kind
  }
  s.eventSeverity = Math.max(s.eventSeverity, harsh.severity)
  return {
    at: s.eventAt,
    until: at,
    kind: harshKinds[s.eventKind]!,
    severity: harshSeverities[s.eventSeverity]!,
    peakG: s.eventPeak,
    readings: s.eventReadings,
    addedWeight: weight(s.eventSeverity) - before,
  }
}

/** Speeds further apart in time than this say nothing about acceleration. */
const DERIVATIVE_S = 1.5
const LEAST_SPEED_KMH = 10
const LEAST_TURNING_SPEED = 5

/**
 * Acceleration in g from two successive speeds (km/h) and courses (degrees), for vehicles without an IMU: v' along,
 * v·ψ' across. NaN where the readings are too sparse or too slow to tell.
 */
export function accelerationFromSpeed(
  dtS: number,
  speedBefore: number,
  speed: number,
  courseBefore: number,
  course: number,
): { x: number; y: number } {
  if (!(dtS > 0 && dtS <= DERIVATIVE_S) || !(Math.max(speedBefore, speed) >= LEAST_SPEED_KMH))
    return { x: NaN, y: NaN }
  const turn = ((((course - courseBefore) % 360) + 540) % 360) - 180
  const mps = speed / 3.6
  return {
    x: (speed - speedBefore) / 3.6 / dtS / STANDARD_GRAVITY,
    y: mps > LEAST_TURNING_SPEED ? (mps * ((turn * Math.PI) / 180)) / dtS / STANDARD_GRAVITY : NaN,
  }
}
