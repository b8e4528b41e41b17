import { Tags, Validations, type App } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { Deployment } from './deployment.ts'
import { AlertingStack } from './stacks/alerting-stack.ts'
import { ApiStack } from './stacks/api-stack.ts'
import { IngestStack } from './stacks/ingest-stack.ts'
import { ObservabilityStack } from './stacks/observability-stack.ts'
import { PageStack } from './stacks/page-stack.ts'
import { PipelineStack } from './stacks/pipeline-stack.ts'
import { StorageStack } from './stacks/storage-stack.ts'
import { acknowledgeWildcards } from './wildcards.ts'

/** Puts every stack of one deployment into the app. */
export function platform(app: App, deployment: Deployment): void {
  const prefix = `telltale-${deployment.stage}`
  const alerting = new AlertingStack(app, `${prefix}-alerting`, { deployment })
  const { ops } = alerting
  const storage = new StorageStack(app, `${prefix}-storage`, { deployment, ops })
  const ingest = new IngestStack(app, `${prefix}-ingest`, { deployment, storage, ops })
  const pipeline = new PipelineStack(app, `${prefix}-pipeline`, { deployment, alerting, storage, ingest })
  const api = new ApiStack(app, `${prefix}-api`, { deployment, alerting, storage, ingest, pipeline })
  if (deployment.target === 'aws') new PageStack(app, `${prefix}-page`, { deployment, storage, api, ops })
  new ObservabilityStack(app, `${prefix}-observability`, { deployment, storage, ingest, pipeline, ops })
  Tags.of(app).add('telltale', deployment.stage)
}

/** Makes the synthesis fail on every finding of cdk-nag that has no reason. */
export function check(app: App): void {
  Validations.of(app).addPlugins(acknowledgeWildcards, new AwsSolutionsChecks(app), new ServerlessChecks(app))
}
