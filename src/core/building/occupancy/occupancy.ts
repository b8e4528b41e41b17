import { calibrateRoom } from './calibrate-room.ts'
import {
  occupancyFeatures,
  unknownRoom,
  type Features,
  type RoomCalibration,
  type ZoneMinute,
} from './features.ts'
import { logistic, trainLogistic } from './logistic.ts'
import { occupancyWeights } from './weights.ts'

export interface OccupancyEstimate {
  minute: number
  /** Probability that somebody is there; 0.5 where no sensor says anything. */
  probability: number
  occupied: boolean
  /** How sure the decision is, 0.5–1. */
  confidence: number
  /** People present by the CO2 balance, where the room's volume is known. */
  people: number | null
}

export type OccupancyWeights = Readonly<Record<keyof typeof occupancyWeights, readonly number[]>>

type Expert = keyof typeof occupancyWeights

/** What an expert looks at, intercept first; null where its sensors are missing. */
const inputs: Record<Expert, (f: Features) => number[] | null> = {
  // With the lamps on, CO2 says little of the last minutes; with them off, a source still tells of people in the dark.
  lampAndAir: ({ lamp, air }) =>
    lamp === null || air === null ? null : [1, lamp, ((1 - lamp) / 2) * air.slow],
  lamp: ({ lamp }) => (lamp === null ? null : [1, lamp]),
  air: ({ air, warming }) => (air === null ? null : [1, air.fast, air.slow, air.excess, warming]),
}
const experts: readonly Expert[] = ['lampAndAir', 'lamp', 'air']

/** Fits every expert on labelled minutes of one room: the air first, since the lamp level is learned by its help. */
export function trainOccupancy(
  minutes: readonly ZoneMinute[],
  occupied: readonly boolean[],
): OccupancyWeights {
  const fit = (expert: Expert, features: readonly Features[]): number[] => {
    const rows: number[][] = []
    const labels: number[] = []
    for (const [i, f] of features.entries()) {
      const row = inputs[expert](f)
      if (row === null) continue
      rows.push(row)
      labels.push(occupied[i] === true ? 1 : 0)
    }
    return trainLogistic(rows, labels, 1).map((w) => Math.round(w * 1000) / 1000)
  }
  const air = fit('air', occupancyFeatures(minutes, calibrateRoom(minutes)))
  const features = occupancyFeatures(minutes, calibrateRoom(minutes, air))
  return { lampAndAir: fit('lampAndAir', features), lamp: fit('lamp', features), air }
}

/** A passive infrared sensor sees a seated person in 60 % of five minutes and nobody in 1 %: naive Bayes terms. */
const MOTION_SEEN = Math.log(0.6 / 0.01)
const MOTION_MISSED_PER_MINUTE = Math.log(0.4 / 0.99) / 5
/** Beyond about 20 quiet minutes silence is one piece of evidence, not many: people also sit still. */
const MOTION_MISSED_MOST = -4
/** Door counters miscount about one crossing in twenty. */
const COUNTED = Math.log(0.95 / 0.05)

export interface OccupancyOptions {
  weights?: OccupancyWeights
  /** Air volume of the zone, for the number of people. */
  volumeM3?: number
}

/**
 * Occupancy of every minute from that minute and earlier ones only: the expert for the sensors present gives log-odds,
 * motion and counters add theirs as if independent. Minutes ascend; an hour of look-back is enough.
 */
export function estimateOccupancy(
  minutes: readonly ZoneMinute[],
  room: RoomCalibration = unknownRoom,
  options: OccupancyOptions = {},
): OccupancyEstimate[] {
  const weights = options.weights ?? occupancyWeights
  let quiet = 0
  let previous = minutes[0]?.minute ?? 0
  return occupancyFeatures(minutes, room).map((features, i) => {
    const now = minutes[i]!
    let odds = expertOdds(features, weights)
    if (now.motion !== undefined) {
      quiet = now.motion > 0 ? 0 : quiet + Math.min(5, now.minute - previous || 1)
      odds +=
        quiet < 5
          ? MOTION_SEEN * (1 - quiet / 5)
          : Math.max(MOTION_MISSED_MOST, MOTION_MISSED_PER_MINUTE * quiet)
    }
    previous = now.minute
    if (now.count !== undefined) odds += now.count >= 1 ? COUNTED : -COUNTED
    const probability = logistic(odds)
    return {
      minute: now.minute,
      probability,
      occupied: probability > 0.5,
      confidence: Math.max(probability, 1 - probability),
      people:
        now.count ??
        (options.volumeM3 === undefined ? null : peopleByAir(features, options.volumeM3, probability)),
    }
  })
}

/** The first expert whose sensors are all there. */
function expertOdds(features: Features, weights: OccupancyWeights): number {
  for (const expert of experts) {
    const row = inputs[expert](features)
    if (row !== null) return row.reduce((sum, x, i) => sum + x * (weights[expert][i] ?? 0), 0)
  }
  return 0
}

/** Nobody where nobody is believed to be: what the air shows then is its noise. N = (V·dC/dt + Q(C − C0))·1e-6/G with G = 0.0052 L/s a seated person (ASHRAE 62.1-2019 Appendix D). */
function peopleByAir(features: Features, volumeM3: number, probability: number): number | null {
  if (features.air === null) return null
  if (probability <= 0.5) return 0
  const ppmPerMinute = 5 * Math.atanh(Math.max(-0.9999, Math.min(0.9999, features.air.slow)))
  return Math.max(0, (ppmPerMinute * volumeM3 * 1000 * 1e-6) / (0.0052 * 60))
}
