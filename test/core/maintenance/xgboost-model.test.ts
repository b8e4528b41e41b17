import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { BoostedTrees } from '../../../src/core/maintenance/boosted-trees.ts'
import { featureMatrix, type FeatureMatrix } from '../../../src/core/maintenance/feature-matrix.ts'
import { boostingDefaults, trainBoosting } from '../../../src/core/maintenance/gradient-boosting.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { treeScorer } from '../../../src/core/maintenance/tree-scorer.ts'
import { readXgboostModel, writeXgboostModel } from '../../../src/core/maintenance/xgboost-model.ts'

interface Case {
  model: { learner: { feature_names: string[]; learner_model_param: { base_score: string } } }
  rows: (number | null)[][]
  /** A number a row, or one for each class. */
  predictions: (number | number[])[]
  margins: (number | number[])[]
}

const load = (name: string): Case =>
  JSON.parse(readFileSync(new URL(`../../fixtures/xgboost/${name}.json`, import.meta.url), 'utf8')) as Case

const matrixOf = (rows: Case['rows'], names: readonly string[]): FeatureMatrix =>
  featureMatrix(Object.fromEntries(names.map((name, f) => [name, rows.map((row) => row[f] ?? NaN)])))

const largestGap = (outputs: readonly Float32Array[], truth: Case['predictions']): number =>
  Math.max(...truth.flatMap((row, i) => [row].flat().map((value, k) => Math.abs(outputs[k]![i]! - value))))

describe('readXgboostModel', () => {
  it.each(['regression', 'logistic', 'regression-3.2', 'logistic-3.2', 'softprob-3.2'])(
    'scores a real %s model as XGBoost does',
    (name) => {
      const { model, rows, predictions, margins } = load(name)
      const scorer = treeScorer(readXgboostModel(JSON.stringify(model)))
      const matrix = matrixOf(rows, model.learner.feature_names)
      expect(largestGap(scorer.margin(matrix), margins)).toBeLessThan(
        name.startsWith('regression') ? 2e-5 : 1e-6,
      )
      expect(largestGap(scorer.predict(matrix), predictions)).toBeLessThan(
        name.startsWith('regression') ? 2e-5 : 2e-7,
      )
    },
  )

  it('takes the base score of release 3.1, which is in brackets', () => {
    const { model, rows } = load('logistic')
    const before = readXgboostModel(JSON.stringify(model))
    model.learner.learner_model_param.base_score = `[${model.learner.learner_model_param.base_score}]`
    const after = readXgboostModel(JSON.stringify(model))
    expect(after.baseScores[0]).toBeCloseTo(0.2, 6)
    const matrix = matrixOf(rows, model.learner.feature_names)
    expect(treeScorer(after).predict(matrix)).toEqual(treeScorer(before).predict(matrix))
  })

  it('finds features by name, whatever their order', () => {
    const { model, rows, predictions } = load('regression')
    const names = model.learner.feature_names
    const matrix = matrixOf(
      rows.map((row) => row.toReversed()),
      names.toReversed(),
    )
    expect(
      largestGap(treeScorer(readXgboostModel(JSON.stringify(model))).predict(matrix), predictions),
    ).toBeLessThan(1e-5)
  })

  it.each([
    ['gblinear', /only gbtree/, (text: string) => text.replace('"gbtree"', '"gblinear"')],
    [
      'another objective',
      /objective rank:ndcg/,
      (text: string) => text.replace('reg:squarederror', 'rank:ndcg'),
    ],
    [
      'a cycle',
      /do not form a tree/,
      (text: string) => text.replace(/"left_children":\[1,/, '"left_children":[0,'),
    ],
    ['something else', /not an XGBoost model/, () => '{"learner":[]}'],
  ])('refuses %s', (_, message, damage) => {
    expect(() => readXgboostModel(damage(JSON.stringify(load('regression').model)))).toThrow(message)
  })
})

describe('writeXgboostModel', () => {
  const trained = (): { model: BoostedTrees; matrix: FeatureMatrix } => {
    const random = seededRandom(3)
    const x = Array.from({ length: 300 }, () => (random() < 0.1 ? NaN : random() * 4))
    const z = Array.from({ length: 300 }, () => random())
    const matrix = featureMatrix({ x, z })
    const labels = x.map((value, i) => (Number.isNaN(value) ? 7 : Math.sin(value) + z[i]!))
    const model = trainBoosting({ matrix, labels }, { ...boostingDefaults, rounds: 20, maxDepth: 3 }, random)
    return { model: { ...model, attributes: { note: 'a "quoted" note' } }, matrix }
  }

  it('reads back as the same model, bit for bit', () => {
    const { model, matrix } = trained()
    const again = readXgboostModel(writeXgboostModel(model))
    expect(again.attributes).toEqual(model.attributes)
    expect(again.featureNames).toEqual(['x', 'z'])
    expect(treeScorer(again).margin(matrix)).toEqual(treeScorer(model).margin(matrix))
  })

  it('writes every real with an exponent, which XGBoost needs to tell it from an integer', () => {
    const text = writeXgboostModel(trained().model)
    for (const [, reals] of text.matchAll(
      /"(?:split_conditions|base_weights|loss_changes|sum_hessian)":\[([^\]]*)\]/g,
    ))
      for (const real of reals!.split(',')) expect(real).toMatch(/^-?\d(\.\d+)?E-?\d+$/)
  })
})
