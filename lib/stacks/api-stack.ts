import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { Construct } from 'constructs'
import { apiFunction } from '../constructs/api-function.ts'
import { machinePath } from '../constructs/machine-path.ts'
import { People } from '../constructs/people.ts'
import { Rest } from '../constructs/rest-api.ts'
import type { Deployment } from '../deployment.ts'
import type { AlertingStack } from './alerting-stack.ts'
import type { IngestStack } from './ingest-stack.ts'
import type { PipelineStack } from './pipeline-stack.ts'
import type { StorageStack } from './storage-stack.ts'

export interface ApiStackProps extends StackProps {
  deployment: Deployment
  alerting: AlertingStack
  storage: StorageStack
  ingest: IngestStack
  pipeline: PipelineStack
}

/** How people and machines get at it: one REST API, and who they are. */
export class ApiStack extends Stack {
  readonly rest: RestApi
  readonly people: IUserPool
  readonly signInHost: string

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props)
    const { deployment, alerting, storage, ingest, pipeline } = props
    const { ops } = alerting
    const people = new People(this, 'People', { removalPolicy: ops.removalPolicy })
    const fn = apiFunction(this, 'Function', {
      storage,
      pipeline,
      devicePolicy: ingest.devicePolicy,
      people: people.pool,
      days: deployment.retentionDays,
      timeout: Duration.seconds(29),
      ops,
    })
    const firewall = deployment.target === 'aws'
    this.rest = new Rest(this, 'Rest', { fn, people: people.pool, limits: deployment.api, firewall, ops }).api
    machinePath(this, 'Machines', { api: this.rest, fn, tokens: storage.tables.of.Tokens, ops })
    this.people = people.pool
    this.signInHost = people.signInHost
    new CfnOutput(this, 'Url', { value: this.rest.url })
    new CfnOutput(this, 'MachineUrl', { value: `${this.rest.url}machine/` })
    new CfnOutput(this, 'UserPool', { value: people.pool.userPoolId })
  }
}
