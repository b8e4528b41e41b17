import { readFileSync } from 'node:fs'
import { predictRul, reportRul, trainRul, type RulReport } from '../src/core/maintenance/rul-task.ts'
import { parseRemainingLives, parseRuns } from '../src/core/maintenance/run-to-failure.ts'

export interface RulBenchArguments {
  train: string
  test: string
  truth: string
  seed?: number
}

/** Trains on whole runs, predicts the life that is left of cut ones. The test file is read after training has ended. */
export async function benchRul(
  args: RulBenchArguments,
): Promise<RulReport & { trainMs: number; predictMs: number }> {
  const start = performance.now()
  const model = trainRul(parseRuns(readFileSync(args.train, 'utf8')), { seed: args.seed ?? 1 })
  const trained = performance.now()
  const predictions = predictRul(model, parseRuns(readFileSync(args.test, 'utf8')))
  const predicted = performance.now()
  const report = reportRul(predictions, parseRemainingLives(readFileSync(args.truth, 'utf8')))
  return Promise.resolve({
    ...report,
    trainMs: Math.round(trained - start),
    predictMs: Math.round(predicted - trained),
  })
}
