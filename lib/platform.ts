import { Tags, Validations, type App } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { Deployment } from './deployment.ts'
import { StorageStack } from './stacks/storage-stack.ts'

/** Puts every stack of one deployment into the app. */
export function platform(app: App, deployment: Deployment): void {
  const prefix = `telltale-${deployment.stage}`
  new StorageStack(app, `${prefix}-storage`, { deployment })
  Tags.of(app).add('telltale', deployment.stage)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
}
