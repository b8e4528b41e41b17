import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { readDeviceModel, type DeviceModel } from '../../../core/maintenance/device-model.ts'
import type { ModelHost } from '../../../ports/model-host.ts'
import type { ModelRegistry } from '../../../ports/model-registry.ts'
import { csvBodies, parseScores } from './csv-contract.ts'

export interface SageMakerModelHostOptions {
  runtime: Pick<SageMakerRuntimeClient, 'send'>
  registry: ModelRegistry
  name: string
  /** A multi-model endpoint of the built-in XGBoost, over the artifacts that the registry leaves beside its models. */
  endpoint: string
}

/** Name of a version's artifact below the endpoint's prefix. */
export const artifactOf = (name: string, version: number): string => `${name}-v${version}.tar.gz`

/**
 * Scores behind SageMaker's built-in XGBoost. Which version scores is decided by each call (TargetModel), so promotion and
 * roll-back need no deployment; the file's card says in which order features go and how a score is to be read.
 */
export function sagemakerModelHost({
  runtime,
  registry,
  name,
  endpoint,
}: SageMakerModelHostOptions): ModelHost {
  let loaded: { version: number; model: DeviceModel } | null = null
  return {
    score: async (rows) => {
      const version = (await registry.line(name)).line.active
      if (version === null) return null
      if (loaded?.version !== version) {
        const text = await registry.getModel(name, version)
        if (text === null) throw new Error(`model ${name} has no file for its active version ${version}`)
        loaded = { version, model: readDeviceModel(text) }
      }
      const { features, horizonHours, calibrated } = loaded.model
      const probabilities: number[] = []
      for (const { body, rows: count } of csvBodies(rows, features)) {
        const { Body } = await runtime.send(
          new InvokeEndpointCommand({
            EndpointName: endpoint,
            TargetModel: artifactOf(name, version),
            ContentType: 'text/csv',
            Accept: 'text/csv',
            Body: body,
          }),
        )
        const scores = parseScores(Body?.transformToString() ?? '')
        if (scores.length !== count)
          throw new Error(`endpoint ${endpoint} gave ${scores.length} scores for ${count} rows`)
        for (const score of scores) probabilities.push(calibrated(score))
      }
      return { version, horizonHours, probabilities }
    },
  }
}
