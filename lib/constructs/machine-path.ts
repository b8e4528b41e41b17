import { Duration, Validations } from 'aws-cdk-lib'
import {
  AuthorizationType,
  LambdaIntegration,
  TokenAuthorizer,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import type { Env as AuthorizeEnv } from '../../lambdas/authorize/env.ts'
import { useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'

export interface MachinePathProps {
  api: RestApi
  /** The function behind the API. */
  fn: NodeFunction
  tokens: ITableV2
  ops: Operations
}

/** The API below `/machine`, for machines with a token of ours: a user pool's authorizer would turn those away. */
export function machinePath(scope: Construct, id: string, props: MachinePathProps): void {
  const { api, fn, tokens, ops } = props
  const authorize = new NodeFunction<AuthorizeEnv>(scope, id, {
    name: 'authorize',
    description: 'Lets machines with a token reach the API, which looks at it once more',
    memoryMiB: 512,
    timeout: Duration.seconds(10),
    ops,
    env: { TOKENS_TABLE: tokens.tableName },
  })
  useTable(authorize, tokens, 'get')
  const authorizer = new TokenAuthorizer(scope, `${id}Authorizer`, {
    handler: authorize.lambda,
    // What cannot be a token costs no invocation.
    validationRegex: '^[Bb]earer +tt_[0-9a-f]{18}_[A-Za-z0-9_-]{43}$',
    resultsCacheTtl: Duration.minutes(5),
  })
  const proxy = api.root.addResource('machine').addProxy({
    anyMethod: false,
    defaultIntegration: new LambdaIntegration(fn.lambda, { allowTestInvoke: false }),
  })
  const method = proxy.addMethod('ANY', undefined, {
    authorizer,
    authorizationType: AuthorizationType.CUSTOM,
  })
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-COG4',
    reason: 'machines have tokens of the platform, which this authorizer and then the API look up; people sign in to the user pool',
  })
} // prettier-ignore
