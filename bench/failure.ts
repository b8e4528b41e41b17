import { readText, withData } from '../src/cli/support/given-data.ts'
import { crossValidateFailure, type FailureReport } from '../src/core/maintenance/failure-task.ts'
import { columnName, parseTable } from '../src/core/maintenance/table.ts'

export interface FailureBenchArguments {
  data: string
  /** The label's column; found by its usual names if absent. */
  label?: string
  folds?: number
  seed?: number
}

/** Cross-validated detection and calibration of the failure task on a labelled table. */
export async function benchFailure(args: FailureBenchArguments): Promise<FailureReport & { ms: number }> {
  const start = performance.now()
  const text = await readText(args.data)
  const report = withData(args.data, () => {
    const table = parseTable(text)
    return crossValidateFailure(table, {
      seed: args.seed ?? 1,
      // Few rows hold few failures: leave more of them to training.
      folds: args.folds ?? (table.rows < 5000 ? 10 : 5),
      ...(args.label === undefined ? {} : { label: columnName(args.label) }),
    })
  })
  return { ...report, ms: Math.round(performance.now() - start) }
}
