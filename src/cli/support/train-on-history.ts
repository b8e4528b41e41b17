import type { BoostedTrees } from '../../core/maintenance/boosted-trees.ts'
import { DataFault } from '../../core/maintenance/data-fault.ts'
import {
  trainDeviceModel,
  type DeviceExample,
  type DeviceMetrics,
} from '../../core/maintenance/device-task.ts'
import type { ModelVersion } from '../../core/maintenance/model-versions.ts'
import { writeXgboostModel } from '../../core/maintenance/xgboost-model.ts'
import { CliFailure } from '../exit-codes.ts'
import { openApi, type ApiClient } from './api-client.ts'
import type { BoxOptionValues } from './options.ts'
import { progress } from './progress.ts'

const MODEL = 'failure'

export interface HistoryReport {
  version: number
  examples: number
  failures: number
  features: number
  metrics: DeviceMetrics
}

interface Page {
  items: DeviceExample[]
  until: number
  moments: number
  cursor: string | null
}

/** Learns from a box's history and the findings of its work orders; the model becomes the box's next version. */
export async function trainOnHistory(
  box: BoxOptionValues,
  {
    days,
    horizon,
    seed,
    imported = false,
  }: { days: number; horizon: number; seed: number; imported?: boolean },
): Promise<{ model: BoostedTrees; report: HistoryReport }> {
  const api = openApi(box)
  const { examples, moments } = await examplesOf(api, {
    days,
    horizonHours: horizon,
    history: imported ? 'asStored' : 'asKnown',
  })
  const { model, metrics } = learn(examples, moments, horizon * 3_600_000, seed)
  const line = await api.send<{ versions: ModelVersion[] }>('POST', `/v1/models/${MODEL}/versions`, {
    file: writeXgboostModel(model),
    metrics,
  })
  return {
    model,
    report: {
      version: line.versions.at(-1)!.version,
      examples: examples.length,
      failures: examples.filter(({ failed }) => failed === 1).length,
      features: model.featureNames.length,
      metrics,
    },
  }
}

function learn(examples: readonly DeviceExample[], moments: number, horizonMs: number, seed: number) {
  try {
    return trainDeviceModel(examples, { horizonMs, seed })
  } catch (error) {
    const empty = moments - examples.length
    const hint =
      empty > 0
        ? `; of ${empty} of ${moments} moments nothing was known by then (--imported takes what came in later)`
        : ''
    if (error instanceof DataFault)
      throw new CliFailure(
        'failed',
        `${error.message}${hint}; complete work orders with what was found, and report failures that nothing foretold (telltale orders report)`,
      )
    throw error
  }
}

async function examplesOf(
  api: ApiClient,
  question: { days: number; horizonHours: number; history: string },
): Promise<{ examples: DeviceExample[]; moments: number }> {
  const bar = progress()
  const examples: DeviceExample[] = []
  let until: number | undefined
  let moments = 0
  for (let cursor: string | undefined; ;) {
    const page: Page = await api.get('/v1/maintenance/examples', { ...question, until, cursor })
    examples.push(...page.items)
    until = page.until
    moments = page.moments
    bar.show(`${examples.length} examples of ${page.moments} moments`)
    if (page.cursor === null) break
    cursor = page.cursor
  }
  bar.done()
  return { examples, moments }
}
