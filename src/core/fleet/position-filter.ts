import { eastNorthM, haversineM } from '../route/geodesy.ts'
import type { EpochMs } from '../telemetry/reading.ts'

/** What the filter remembers of one vehicle. All zero means that no position has been seen. */
export interface PositionState {
  /** Last accepted position and its time; at = 0 before the first. */
  at: EpochMs
  lat: number
  lon: number
  /** Where the last position lies from the place that distance was last counted at, metres. */
  movedEast: number
  movedNorth: number
  /** Distance that was observed, metres. */
  odometerM: number
  /** Straight lines through gaps whose way is not known, metres; not part of the odometer. */
  unobservedM: number
  /** Smoothed velocity, m/s. */
  east: number
  north: number
  /** Speed between the last two positions, not smoothed, m/s. */
  stepSpeed: number
  /** Usual time between positions, seconds. */
  intervalS: number
  /** Seconds since distance was last counted. */
  stillS: number
  /** Straight line through the last gap, while the speed after it is awaited; and how long dead reckoning took it for. */
  pendingM: number
  pendingS: number
  pendingSpeed: number
  /** Positions refused in a row. */
  refused: number
}

export const initialPosition = (): PositionState => ({
  at: 0,
  lat: 0,
  lon: 0,
  movedEast: 0,
  movedNorth: 0,
  odometerM: 0,
  unobservedM: 0,
  east: 0,
  north: 0,
  stepSpeed: 0,
  intervalS: 0,
  stillS: 0,
  pendingM: 0,
  pendingS: 0,
  pendingSpeed: 0,
  refused: 0,
})

const positionFilter = {
  /** Faster than this no road vehicle is: 250 km/h. */
  topSpeed: 70,
  /** A fix may miss the predicted place by noise plus what hard braking or accelerating explains (m, m/s²). */
  noiseM: 30,
  acceleration: 8,
  /** After this many refusals the receiver is believed: it has found itself again. */
  mostRefused: 3,
  /** Distance counts once the vehicle is this far from where it last counted: moving, and after standing. */
  movingRadiusM: 4,
  standingRadiusM: 12,
  /** Without counted distance for this long (seconds, and usual intervals) the vehicle stands. */
  standsAfterS: 5,
  standsAfterIntervals: 2,
  /** A silence of so many usual intervals, at least so many seconds, is a gap. */
  gapIntervals: 3,
  gapS: 20,
  /** A gap's straight line counts if the gap is this short and dead reckoning agrees this closely. */
  bridgeS: 60,
  bridgeShare: 0.1,
  /** Time constant of the velocity. */
  smoothS: 3,
} as const

export type Fix = 'accepted' | 'refused' | 'older'

/** What the stages behind the filter look at, of one moment. */
export type Place = Pick<
  PositionState,
  'at' | 'lat' | 'lon' | 'odometerM' | 'unobservedM' | 'east' | 'north' | 'intervalS' | 'stillS'
>
export const placeOf = (s: PositionState): Place => ({
  at: s.at,
  lat: s.lat,
  lon: s.lon,
  odometerM: s.odometerM,
  unobservedM: s.unobservedM,
  east: s.east,
  north: s.north,
  intervalS: s.intervalS,
  stillS: s.stillS,
})

export const speedOf = (s: Place): number => Math.hypot(s.east, s.north)
/** Degrees clockwise from north, NaN below walking pace, where a course means nothing. */
export const courseOf = (s: Place): number =>
  speedOf(s) < 1 ? NaN : ((Math.atan2(s.east, s.north) * 180) / Math.PI + 360) % 360
export const isStanding = (s: Place): boolean =>
  s.stillS >= Math.max(f.standsAfterS, f.standsAfterIntervals * s.intervalS)
/** Silence longer than this is a gap, for this vehicle's own rate of reporting. */
const gapAfterS = (s: PositionState): number => Math.max(f.gapS, f.gapIntervals * s.intervalS)

const f = positionFilter

/** How the state is kept: half of it in single precision. */
export const positionFields = {
  at: 'f64',
  lat: 'f64',
  lon: 'f64',
  odometerM: 'f64',
  movedEast: 'f32',
  movedNorth: 'f32',
  unobservedM: 'f32',
  east: 'f32',
  north: 'f32',
  stepSpeed: 'f32',
  intervalS: 'f32',
  stillS: 'f32',
  pendingM: 'f32',
  pendingS: 'f32',
  pendingSpeed: 'f32',
  refused: 'u32',
} as const

/**
 * Takes one position, in order of time, and updates the state in place. Distance is the length of chords between
 * points at least a radius apart, so that jitter of a standing vehicle adds nothing; a jump is refused until it
 * persists and then counts as unobserved; so does a gap, unless dead reckoning from both of its ends supports the
 * straight line.
 */
export function takePosition(s: PositionState, lat: number, lon: number, at: EpochMs): Fix {
  if (s.at === 0) {
    moveTo(s, lat, lon, at)
    anchor(s)
    return 'accepted'
  }
  const dt = (at - s.at) / 1000
  if (!(dt > 0)) return 'older'
  const d = haversineM(s.lat, s.lon, lat, lon)
  if (dt > gapAfterS(s) && s.intervalS > 0) {
    acrossGap(s, lat, lon, at, d, dt)
    return 'accepted'
  }
  if (isJump(s, lat, lon, d, dt)) {
    s.refused += 1
    if (s.refused < f.mostRefused) return 'refused'
    s.unobservedM += d
    restart(s, lat, lon, at)
    return 'accepted'
  }
  step(s, lat, lon, at, d, dt)
  return 'accepted'
}

function isJump(s: PositionState, lat: number, lon: number, d: number, dt: number): boolean {
  if (d > f.topSpeed * dt + f.noiseM) return true
  if (s.intervalS === 0 || dt > f.gapS) return false
  const [x, y] = eastNorthM(s.lat, s.lon, lat, lon)
  const miss = Math.hypot(x - s.east * dt, y - s.north * dt)
  return miss > f.noiseM + 0.5 * f.acceleration * dt * dt
}

function step(s: PositionState, lat: number, lon: number, at: EpochMs, d: number, dt: number): void {
  const [x, y] = eastNorthM(s.lat, s.lon, lat, lon)
  if (s.pendingM > 0) settleGap(s, d / dt)
  s.stepSpeed = d / dt
  const keep = s.intervalS === 0 ? 0 : Math.exp(-dt / f.smoothS)
  s.east = keep * s.east + (1 - keep) * (x / dt)
  s.north = keep * s.north + (1 - keep) * (y / dt)
  s.intervalS = s.intervalS === 0 ? dt : s.intervalS + 0.1 * (dt - s.intervalS)
  s.stillS += dt
  s.movedEast += x
  s.movedNorth += y
  moveTo(s, lat, lon, at)
  const moved = Math.hypot(s.movedEast, s.movedNorth)
  if (moved < (isStanding(s) ? f.standingRadiusM : f.movingRadiusM)) return
  s.odometerM += moved
  anchor(s)
}

/** The way through a gap is not known: its straight line waits for the speed behind it, or is set aside. */
function acrossGap(s: PositionState, lat: number, lon: number, at: EpochMs, d: number, dt: number): void {
  settleGap(s, NaN)
  if (dt <= f.bridgeS && d <= f.topSpeed * dt) {
    s.pendingM = d
    s.pendingS = dt
    s.pendingSpeed = s.stepSpeed
  } else s.unobservedM += d
  restart(s, lat, lon, at)
}

/** Dead reckoning: with speeds u before and v after, (u + v)/2 · t is the way; a straight line of that length was driven. */
function settleGap(s: PositionState, speedAfter: number): void {
  if (s.pendingM === 0) return
  const reckonedM = ((s.pendingSpeed + speedAfter) / 2) * s.pendingS
  if (Math.abs(reckonedM - s.pendingM) <= f.bridgeShare * s.pendingM) s.odometerM += s.pendingM
  else s.unobservedM += s.pendingM
  s.pendingM = 0
}

/** Goes on from a place without having driven there. The velocity is unknown; the rate of reporting is not. */
function restart(s: PositionState, lat: number, lon: number, at: EpochMs): void {
  s.east = 0
  s.north = 0
  moveTo(s, lat, lon, at)
  anchor(s)
}

function moveTo(s: PositionState, lat: number, lon: number, at: EpochMs): void {
  s.lat = lat
  s.lon = lon
  s.at = at
  s.refused = 0
}

function anchor(s: PositionState): void {
  s.movedEast = 0
  s.movedNorth = 0
  s.stillS = 0
}
