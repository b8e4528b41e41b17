import { readText, withData } from '../src/cli/support/given-data.ts'
import { predictRul, reportRul, trainRul, type RulReport } from '../src/core/maintenance/rul-task.ts'
import { parseRemainingLives, parseRuns } from '../src/core/maintenance/run-to-failure.ts'

export interface RulBenchArguments {
  train: string
  test: string
  truth: string
  seed?: number
}

/** Trains on whole runs, predicts the life that is left of cut ones. The test file is read after training has ended. */
export async function benchRul({
  train,
  test,
  truth,
  seed = 1,
}: RulBenchArguments): Promise<RulReport & { trainMs: number; predictMs: number }> {
  const training = await readText(train)
  const start = performance.now()
  const model = withData(train, () => trainRul(parseRuns(training), { seed }))
  const trained = performance.now()
  const cut = await readText(test)
  const predictions = withData(test, () => predictRul(model, parseRuns(cut)))
  const predicted = performance.now()
  const lives = await readText(truth)
  const report = withData(truth, () => reportRul(predictions, parseRemainingLives(lives)))
  return {
    ...report,
    trainMs: Math.round(trained - start),
    predictMs: Math.round(predicted - trained),
  }
}
