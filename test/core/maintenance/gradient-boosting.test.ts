import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featureMatrix, selectRows } from '../../../src/core/maintenance/feature-matrix.ts'
import { boostingDefaults, trainBoosting } from '../../../src/core/maintenance/gradient-boosting.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { treeScorer } from '../../../src/core/maintenance/tree-scorer.ts'

const params = { ...boostingDefaults, rounds: 40, maxDepth: 3, learningRate: 0.3 }

function problem(seed: number, rows = 400) {
  const random = seededRandom(seed)
  const a = Array.from({ length: rows }, () => Math.floor(random() * 10))
  const b = Array.from({ length: rows }, () => (random() < 0.2 ? NaN : random()))
  const noise = Array.from({ length: rows }, () => random())
  const target = a.map((value, i) => (value > 4 ? 10 : 0) + (Number.isNaN(b[i]!) ? 4 : 0))
  return { matrix: featureMatrix({ a, b, noise }), target }
}

const meanSquare = (predicted: ArrayLike<number>, truth: readonly number[]): number =>
  truth.reduce((sum, value, i) => sum + (predicted[i]! - value) ** 2, 0) / truth.length

describe('trainBoosting', () => {
  it('learns steps and the meaning of a missing value, on rows that it has not seen', () => {
    const { matrix, target } = problem(1)
    const fresh = problem(2)
    const model = trainBoosting({ matrix, labels: target }, params, seededRandom(1))
    expect(meanSquare(treeScorer(model).predict(fresh.matrix)[0]!, fresh.target)).toBeLessThan(0.05)
  })

  it('gives probabilities that match the frequencies', () => {
    const { matrix } = problem(5, 3000)
    const random = seededRandom(9)
    const labels = Array.from(matrix.columns[0]!, (a) => (random() < (a > 4 ? 0.8 : 0.1) ? 1 : 0))
    const model = trainBoosting(
      { matrix, labels },
      { ...params, objective: 'binary:logistic', rounds: 10, maxDepth: 1, minChildWeight: 20 },
      seededRandom(1),
    )
    const [[low, high]] = treeScorer(model).predict(
      featureMatrix({ a: [2, 8], b: [0.5, 0.5], noise: [0.5, 0.5] }),
    ) as [Float32Array]
    expect(low).toBeCloseTo(0.1, 1)
    expect(high).toBeCloseTo(0.8, 1)
  })

  it('is the same model for the same seed and another for another', () => {
    const { matrix, target } = problem(1)
    const train = (seed: number) =>
      trainBoosting({ matrix, labels: target }, { ...params, rowShare: 0.5 }, seededRandom(seed))
    expect(train(4)).toEqual(train(4))
    expect(train(4)).not.toEqual(train(5))
  })

  it('stops at the round that was best on the validation rows', () => {
    const { matrix } = problem(1)
    const random = seededRandom(3)
    const labels = Array.from({ length: matrix.rows }, () => random()) // nothing to learn
    const half = (from: number) => Array.from({ length: 200 }, (_, i) => from + i)
    const part = (from: number) => ({
      matrix: selectRows(matrix, half(from)),
      labels: labels.slice(from, from + 200),
    })
    const stopped = trainBoosting(part(0), { ...params, patience: 5 }, seededRandom(1), part(200))
    expect(stopped.trees.length).toBeLessThan(10)
  })

  it('never grows deeper or wider than it may', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (seed, maxDepth, maxLeaves) => {
          const { matrix, target } = problem(seed, 80)
          const model = trainBoosting(
            { matrix, labels: target },
            { ...params, rounds: 3, maxDepth, maxLeaves },
            seededRandom(seed),
          )
          for (const tree of model.trees) {
            const depth = (node: number): number =>
              tree.left[node]! < 0 ? 0 : 1 + Math.max(depth(tree.left[node]!), depth(tree.right[node]!))
            expect(depth(0)).toBeLessThanOrEqual(maxDepth)
            expect(tree.left.filter((child) => child < 0).length).toBeLessThanOrEqual(maxLeaves)
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('predicts the weighted mean where no split is worth its while', () => {
    const model = trainBoosting(
      { matrix: featureMatrix({ a: [1, 1, 1] }), labels: [1, 2, 6], weights: [1, 1, 2] },
      { ...params, rounds: 1 },
      seededRandom(1),
    )
    expect(treeScorer(model).predict(featureMatrix({ a: [NaN] }))[0]![0]).toBeCloseTo(3.75, 5)
  })

  it('refuses rows without labels', () => {
    expect(() =>
      trainBoosting({ matrix: featureMatrix({ a: [1] }), labels: [] }, params, seededRandom(1)),
    ).toThrow(/one label a row/)
  })
})
