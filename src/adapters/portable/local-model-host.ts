import { calibrate } from '../../core/maintenance/calibration.ts'
import { featureMatrix } from '../../core/maintenance/feature-matrix.ts'
import { cardOf } from '../../core/maintenance/model-card.ts'
import { treeScorer } from '../../core/maintenance/tree-scorer.ts'
import { readXgboostModel } from '../../core/maintenance/xgboost-model.ts'
import type { ModelHost } from '../../ports/model-host.ts'
import type { ModelRegistry } from '../../ports/model-registry.ts'

type Rows = readonly Readonly<Record<string, number>>[]

/** Scores in this process with the promoted version, which it looks up anew for each batch and loads once. */
export function localModelHost({ registry, name }: { registry: ModelRegistry; name: string }): ModelHost {
  let loaded: { version: number; probabilities: (rows: Rows) => number[] } | null = null
  return {
    score: async (rows) => {
      const version = (await registry.line(name)).line.active
      if (version === null) return null
      if (loaded?.version !== version) {
        const text = await registry.getModel(name, version)
        if (text === null) throw new Error(`model ${name} has no file for its active version ${version}`)
        loaded = { version, probabilities: probabilitiesBy(text) }
      }
      return { version, probabilities: loaded.probabilities(rows) }
    },
  }
}

function probabilitiesBy(text: string): (rows: Rows) => number[] {
  const model = readXgboostModel(text)
  if (model.objective !== 'binary:logistic')
    throw new Error(`objective ${model.objective} gives no probabilities, binary:logistic does`)
  const scorer = treeScorer(model)
  const card = cardOf(model)
  const calibration = card && card.task !== 'rul' ? card.calibration : { from: [], to: [] }
  return (rows) => {
    const columns = model.featureNames.map((name) => [name, rows.map((row) => row[name] ?? NaN)] as const)
    return Array.from(scorer.predict(featureMatrix(Object.fromEntries(columns))), (p) =>
      calibrate(calibration, p),
    )
  }
}
