import type { EpochMs } from '../telemetry/reading.ts'
import { ALARM_PROBABILITY } from './assess.ts'
import type { BoostedTrees } from './boosted-trees.ts'
import { calibrate, fitCalibration } from './calibration.ts'
import { DataFault } from './data-fault.ts'
import { featureMatrix } from './feature-matrix.ts'
import { boostingDefaults, trainBoosting, type BoostingParams } from './gradient-boosting.ts'
import { bestThreshold, calibrationError, detectionOf, type Detection } from './metrics.ts'
import { withCard } from './model-card.ts'
import { outOfFold } from './out-of-fold.ts'
import { seededRandom } from './seeded-random.ts'

/** Features of a device at a cut-off, and whether it failed within the horizon after it. */
export interface DeviceExample {
  thing: string
  at: EpochMs
  features: Readonly<Record<string, number>>
  failed: 0 | 1
}

const FOLDS = 5
/** Field data are noisier than a table of causes: flatter trees, heavier leaves, and of many features a part each. */
const paramsFor = (features: number): BoostingParams => ({
  ...boostingDefaults,
  objective: 'binary:logistic',
  rounds: 100,
  maxDepth: 4,
  learningRate: 0.08,
  minChildWeight: 2,
  rowShare: 0.8,
  featureShare: features > 20 ? 0.3 : 1,
})

export interface DeviceMetrics extends Detection {
  calibrationError: number
  /** Of the alarms that the platform would have raised. */
  precisionAtAlarm: number
  recallAtAlarm: number
}

/**
 * Trains on devices' own features. Rows of one device never part: they lie in one fold, because a device's days resemble
 * each other and a split by row would let a model recognise the device instead of the failure.
 */
export function trainDeviceModel(
  examples: readonly DeviceExample[],
  { horizonMs, seed }: { horizonMs: number; seed: number },
): { model: BoostedTrees; metrics: DeviceMetrics } {
  const things = [...new Set(examples.map(({ thing }) => thing))].sort()
  const failed = examples.filter((example) => example.failed === 1)
  if (things.length < 2 || failed.length < 2)
    throw new DataFault(
      `training needs at least 2 devices and 2 failures, got ${things.length} and ${failed.length}`,
    )
  const names = [...new Set(examples.flatMap(({ features }) => Object.keys(features)))].sort()
  const matrix = featureMatrix(
    Object.fromEntries(names.map((name) => [name, examples.map(({ features }) => features[name] ?? NaN)])),
  )
  const labels = Float64Array.from(examples, (example) => example.failed)
  const foldOf = deviceFolds(things, new Set(failed.map(({ thing }) => thing)))
  const random = seededRandom(seed)
  const params = paramsFor(names.length)
  const folds = Uint8Array.from(examples, ({ thing }) => foldOf.get(thing)!)
  const unseen = outOfFold(matrix, labels, folds, params, random)
  const calibration = fitCalibration(unseen, labels)
  const probabilities = unseen.map((p) => calibrate(calibration, p))
  const { threshold } = bestThreshold(probabilities, labels)
  const model = trainBoosting({ matrix, labels }, params, random)
  const detection = (from: number) =>
    detectionOf(
      Array.from(probabilities, (p) => p >= from),
      labels,
    )
  const { precision: precisionAtAlarm, recall: recallAtAlarm } = detection(ALARM_PROBABILITY)
  return {
    model: withCard(model, { task: 'device', calibration, horizonMs }),
    metrics: {
      ...detection(threshold),
      calibrationError: calibrationError(probabilities, labels),
      precisionAtAlarm,
      recallAtAlarm,
    },
  }
}

/** Devices that failed and devices that did not, each dealt out evenly. */
function deviceFolds(things: readonly string[], failing: ReadonlySet<string>): Map<string, number> {
  const folds = Math.min(FOLDS, things.length)
  const dealt = [
    ...things.filter((thing) => failing.has(thing)),
    ...things.filter((thing) => !failing.has(thing)),
  ]
  return new Map(dealt.map((thing, i) => [thing, i % folds]))
}
