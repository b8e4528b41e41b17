import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { sagemakerModelHost } from '../../src/adapters/aws/sagemaker/sagemaker-model-host.ts'
import { localModelHost } from '../../src/adapters/portable/local-model-host.ts'
import type { ModelHost } from '../../src/ports/model-host.ts'
import type { ModelRegistry } from '../../src/ports/model-registry.ts'

/** Where models score: behind the deployment's endpoint, or here where it has none. */
export function modelHostOf(
  endpoint: string,
  registry: ModelRegistry,
  runtime: () => Pick<SageMakerRuntimeClient, 'send'>,
): ModelHost {
  const model = { registry, name: 'failure' }
  return endpoint === ''
    ? localModelHost(model)
    : sagemakerModelHost({ ...model, runtime: runtime(), endpoint })
}
