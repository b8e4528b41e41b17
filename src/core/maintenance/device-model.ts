import type { BoostedTrees } from './boosted-trees.ts'
import { calibrate } from './calibration.ts'
import { DataFault } from './data-fault.ts'
import { featureMatrix } from './feature-matrix.ts'
import { horizonNames } from './features.ts'
import { cardOf } from './model-card.ts'
import { treeScorer } from './tree-scorer.ts'
import { readXgboostModel } from './xgboost-model.ts'

/** A model that judges machines by their own features, as a host needs it. */
export interface DeviceModel {
  /** Names of its features, in the order in which an endpoint wants them. */
  features: readonly string[]
  horizonHours: number
  /** The score of each row in this process. */
  score(rows: readonly Readonly<Record<string, number>>[]): number[]
  /** The calibrated probability of a score, whoever made it. */
  calibrated(score: number): number
}

/** Horizon of a model that came without a card, from XGBoost itself. */
const USUAL_HORIZON_HOURS = 24

/** Reads a model file and refuses, with a reason, what cannot judge a machine. */
export function readDeviceModel(text: string): DeviceModel {
  const model = readXgboostModel(text)
  const fault = deviceModelFault(model)
  if (fault !== null) throw new DataFault(fault)
  const card = cardOf(model)
  const device = card?.task === 'device' ? card : null
  const scorer = treeScorer(model)
  return {
    features: model.featureNames,
    horizonHours: device ? device.horizonMs / 3_600_000 : USUAL_HORIZON_HOURS,
    score: (rows) => {
      const columns = model.featureNames.map((name) => [name, rows.map((row) => row[name] ?? NaN)] as const)
      return Array.from(scorer.predict(featureMatrix(Object.fromEntries(columns)))[0]!)
    },
    calibrated: (score) => (device ? calibrate(device.calibration, score) : score),
  }
}

const FEATURE = new RegExp(
  String.raw`^(.+\.(mean|std|min|max|slopePerHour|ewmaDifference|loadResidual|sigmas|distance|count|sum)\.(${horizonNames.join('|')})|age\.hours|maintenance\.(hoursSince|runHoursSince))$`,
)

/** Why a model cannot judge machines, null if it can. */
export function deviceModelFault(model: BoostedTrees): string | null {
  const { objective, featureNames } = model
  if (objective !== 'binary:logistic')
    return `objective ${objective} gives no probability of failure, binary:logistic does`
  const card = cardOf(model)
  if (card && card.task !== 'device')
    return `this model was trained with --data for the task ${card.task}; machines are judged by a model of their own history (telltale train without --data)`
  const strange = featureNames.filter((name) => !FEATURE.test(name))
  if (strange.length > 0)
    return `feature ${strange[0]} is none that machines have; theirs are called like vibration.mean.24h`
  return null
}
